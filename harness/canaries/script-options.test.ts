import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { expect, it } from 'vitest'

it.each([
  ['soak.ts', ['--help'], "soak: Unknown option '--help'; it has --log, --of, "],
  [
    'main.ts',
    ['--only', 'M99'],
    "scenarios: --only takes M05, field, style, services or services/NAME, not 'M99'",
  ],
  ['first-violation.ts', ['--client', 'x'], 'search:first: --client is one of kafkajs, '],
])('%s %j is wrong use, told in one sentence', (script, options, sentence) => {
  const file = path.join(import.meta.dirname, script)
  const { status, stderr } = spawnSync(process.execPath, ['--conditions=onceover-source', file, ...options], {
    encoding: 'utf8',
  })
  expect(stderr.startsWith(sentence), stderr).toBe(true)
  expect(stderr.trim().split('\n')).toHaveLength(1)
  expect(status).toBe(3)
})

it('a defect that is only written for the poll loop is searched there', () => {
  const file = path.join(import.meta.dirname, 'main.ts')
  const few = ['--seeds', '1', '--mutant-runs', '1', '--twin-runs', '1']
  const { stdout } = spawnSync(
    process.execPath,
    ['--conditions=onceover-source', file, '--only', 'M56', ...few],
    { encoding: 'utf8' },
  )
  expect(stdout).toContain('poll-loop.ts: held after 1 schedules, seed 1; it must be violated')
  expect(stdout).toContain('poll-loop.twin.ts: held after 1 schedules')
})
