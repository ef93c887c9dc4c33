import path from 'node:path'
import { usage } from '../check/option-values.ts'
import { median } from '../core/median.ts'
import { loadScenarioFile } from '../scenario/load.ts'
import { prepareScenario } from '../scenario/prepare.ts'
import { search } from '../search/search.ts'
import { searchesOf } from './defect.interface.ts'
import { DEFECTS } from './defects.ts'
import { endWrongUse, scriptOptions } from './script-options.ts'
import { SCENARIOS } from './search-file.ts'

/**
 * `npm run search:first [-- --seeds 20 --first-seed 1 --runs 2000 --only M40,M41 --client kafkajs
 * --strategy portfolio]`: how many schedules a search needs until each bundled defect shows, for
 * each seed; nothing is shrunk. It reports, and fails for no figure.
 */
const values = scriptOptions('search:first', {
  seeds: { type: 'string', default: '20' },
  'first-seed': { type: 'string', default: '1' },
  runs: { type: 'string', default: '2000' },
  only: { type: 'string' },
  client: { type: 'string', default: 'kafkajs' },
  strategy: { type: 'string', default: 'portfolio' },
})
const ONLY = values.only?.split(',')
const SEEDS = Array.from({ length: Number(values.seeds) }, (_, index) => Number(values['first-seed']) + index)

const CLIENTS = ['kafkajs', 'platformatic', 'poll-loop']
const CLIENT = CLIENTS.indexOf(values.client)
if (CLIENT < 0)
  endWrongUse('search:first', usage(`--client is one of ${CLIENTS.join(', ')}, not '${values.client}'`))

/** Below `scenarios`: the services that have the defect, on the client that is asked for. */
const SERVICES = DEFECTS.flatMap(({ folder, defect }) =>
  ONLY !== undefined && !ONLY.includes(defect.id)
    ? []
    : defect.services.flatMap((service) => {
        const chosen = searchesOf(service)[CLIENT]
        return chosen === undefined || typeof chosen === 'string' || chosen.must !== 'fail'
          ? []
          : [{ id: defect.id, file: path.join(SCENARIOS, folder, chosen.file) }]
      }),
)

const firsts: number[] = []
for (const { id, file } of SERVICES) {
  const [{ scenario } = {}] = await loadScenarioFile(file)
  if (scenario === undefined) throw new Error(`there is no scenario in ${file}`)
  const prepared = await prepareScenario(scenario, { file })
  const found: number[] = []
  for (const seed of SEEDS) {
    const outcome = await search(prepared, {
      ...{ seed: String(seed), runs: Number(values.runs), strategy: values.strategy },
      ...{ selfCheckEvery: 0, shrinkRuns: 0 },
    })
    // One that is not found counts as more than the runs that were tried.
    found.push(outcome.outcome === 'violated' ? outcome.foundAfterRuns : Number.POSITIVE_INFINITY)
  }
  const sorted = found.toSorted((a, b) => a - b)
  firsts.push(...found)
  const times = found.filter(Number.isFinite).length
  console.log(
    `${id} ${path.basename(file)}: ${times} of ${SEEDS.length}, median ${median(sorted)}, worst ${sorted.at(-1)} (${found.join(' ')})`,
  )
}
const all = firsts.toSorted((a, b) => a - b)
console.log(`all: ${all.length} searches, median ${median(all)}, worst ${all.at(-1)}`)
process.exit(0)
