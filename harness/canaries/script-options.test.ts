import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { expect, it } from 'vitest'

it.each([
  ['soak.ts', ['--help'], "soak: Unknown option '--help'; it has --log, --of, "],
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
