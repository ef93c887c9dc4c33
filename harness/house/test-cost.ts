import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import type { FileCost } from './cost-setup.ts'
import { ROOT } from './repository.ts'

/**
 * `npm run test:cost`: runs the tests once, and prints the CPU that it took, user and system, all
 * processes together, and the files that took most of it. `--top N` prints N files instead of 30;
 * other words are given to vitest. Ends with the exit code of the tests.
 */
const { values, positionals } = parseArgs({
  options: { top: { type: 'string', default: '30' } },
  allowPositionals: true,
})

const lines = path.join(mkdtempSync(path.join(tmpdir(), 'onceover-')), 'cost.jsonl')
const vitest = path.join(ROOT, 'node_modules/vitest/vitest.mjs')

const loadBefore = loadavg()
// The shell knows what the processes took that it has waited for, and theirs.
const { status, stdout } = spawnSync(
  '/bin/sh',
  ['-c', '"$@" >&2; status=$?; times; exit $status', 'sh', process.execPath, vitest, 'run', ...positionals],
  {
    cwd: ROOT,
    env: { ...process.env, TEST_COST_FILE: lines },
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
  },
)

function secondsIn(times: string): readonly number[] {
  return [...times.matchAll(/(\d+)m(\d+(?:[.,]\d+)?)s/g)].map(
    ([, minutes, seconds]) => 60 * Number(minutes) + Number(seconds?.replace(',', '.')),
  )
}

function shownLoad(load: readonly number[]): string {
  return (load[0] ?? 0).toFixed(1)
}

// Those of the shell itself, then those of its children.
const [, , user = 0, system = 0] = secondsIn(stdout)
const costs = existsSync(lines)
  ? readFileSync(lines, 'utf8')
      .trim()
      .split('\n')
      .map((line): FileCost => JSON.parse(line))
  : []
const costOf = ({ ownMs, childrenMs }: FileCost): number => ownMs + childrenMs
const inFiles = costs.reduce((sum, cost) => sum + costOf(cost), 0)

console.log(
  `${(user + system).toFixed(1)} s of CPU: ${user.toFixed(1)} user, ${system.toFixed(1)} system; load ${shownLoad(loadBefore)} before, ${shownLoad(loadavg())} after`,
)
console.log(`${(inFiles / 1_000).toFixed(1)} s in ${costs.length} files, of which (processes in brackets):`)
for (const cost of costs.toSorted((a, b) => costOf(b) - costOf(a)).slice(0, Number(values.top))) {
  const [all, children] = [costOf(cost), cost.childrenMs].map((ms) => (ms / 1_000).toFixed(2))
  console.log(`${all?.padStart(8)}  ${`(${children})`.padStart(8)}  ${path.relative(ROOT, cost.file)}`)
}
process.exitCode = status ?? 1
