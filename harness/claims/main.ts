import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { checkScenario } from '../check/check.ts'
import type { Counterexample } from '../core/counterexample.ts'
import { loadScenarioFile } from '../scenario/load.ts'
import type { EvidenceBy } from './claim.interface.ts'
import { CLAIMS } from './claims.ts'
import { PAGE, pageOf, saidKey } from './page.ts'
import { CLAIMS_FOLDER, gapOf, prove, RUNS, SEED } from './proofs.ts'

/**
 * `npm run claims [-- --only C04] [--runs 500] [--write]`: proves the evidence of all claims again,
 * and says which does not prove what it should; exit code 1. `--write` searches counterexamples
 * that are missing, and writes `scenarios/claims/README.md` if nothing failed.
 */
const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    runs: { type: 'string', default: String(RUNS) },
    write: { type: 'boolean', default: false },
  },
})
const FIND_RUNS = 2_000
const runs = Number(values.runs)
const said = new Map<string, string>()
let [passed, failed] = [0, 0]

for (const housed of CLAIMS) {
  const { folder, claim } = housed
  if (!claim.id.startsWith(values.only)) continue
  const gap = gapOf(housed)
  if (gap !== null) say(false, claim.id, gap)
  for (const [index, evidence] of claim.evidence.entries()) {
    if (evidence.by === 'counterexample' && values.write) await find(folder, evidence)
    const proof = await prove(folder, evidence, runs).catch((error: Error) => ({
      ok: false,
      said: error.message,
    }))
    say(proof.ok, `${claim.id} ${evidence.says}, ${evidence.client}, ${evidence.file}`, proof.said)
    said.set(saidKey(claim, index), proof.said)
  }
}
if (values.write && failed === 0) writeFileSync(PAGE, pageOf(said))
else if (values.write) console.log('       README.md is not written: not everything is proved')
else if (values.only === '')
  say(readFileSync(PAGE, 'utf8') === pageOf(said), 'README.md', 'as proved; else: --write')
console.log(`${passed} proved, ${failed} not`)
process.exit(failed === 0 ? 0 : 1)

function say(ok: boolean, what: string, text: string): void {
  if (ok) passed += 1
  else failed += 1
  console.log(`${ok ? 'ok    ' : 'FAILED'} ${what}: ${text}`)
}

/** Searches the counterexample where its file is missing. */
async function find(folder: string, { file, property, replay }: EvidenceBy<'counterexample'>): Promise<void> {
  const wanted = path.join(CLAIMS_FOLDER, folder, replay)
  if (existsSync(wanted)) return
  const out = mkdtempSync(path.join(tmpdir(), 'claims-'))
  try {
    const scenarioFile = path.join(CLAIMS_FOLDER, folder, file)
    for (const loaded of await loadScenarioFile(scenarioFile)) {
      const { counterexample, violations, problem } = await checkScenario(loaded, {
        seed: SEED,
        runs: FIND_RUNS,
        strategy: 'portfolio',
        out,
      })
      if (counterexample?.file == null || violations[0]?.property !== property) {
        console.log(`       ${file}: ${violations[0]?.property ?? problem ?? 'held'}, not ${property}`)
        continue
      }
      const found = JSON.parse(readFileSync(counterexample.file, 'utf8')) as Counterexample
      const content = { ...found, scenario: { ...found.scenario, file } }
      writeFileSync(wanted, `${JSON.stringify(content, null, 2)}\n`)
    }
  } finally {
    rmSync(out, { recursive: true, force: true })
  }
}
