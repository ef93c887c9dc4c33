import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import type { Writable } from 'node:stream'
import { pathToFileURL } from 'node:url'
import { expect, it } from 'vitest'
import { ANSWERS_FD, packed, QUESTIONS_FD, SETTLED_FD, TERMINATING } from './messages.ts'

const HARNESS_SIDE = pathToFileURL(path.join(import.meta.dirname, 'harness-side.ts')).href
const CHILD = `
import { HarnessSide } from '${HARNESS_SIDE}'
const harness = new HarnessSide()
process.on('SIGTERM', () => process.stdout.write('signal '))
await harness.call((call) => ({ kind: 'get', call, transaction: 1, table: 't', key: 'k' }))
process.stdout.write('answer', () => process.exit())
`

it('takes up a SIGTERM before the answer that came after it', async () => {
  const pipe = 'pipe' as const
  const child = spawn(process.execPath, ['--input-type=module', '--eval', CHILD], {
    stdio: ['ignore', pipe, 'inherit', pipe, pipe, pipe],
  })
  let printed = ''
  child.stdout?.on('data', (bytes: Buffer) => {
    printed += bytes.toString()
  })
  const [, , , , answers, settled] = child.stdio as readonly unknown[] as readonly Writable[]
  expect([QUESTIONS_FD, ANSWERS_FD, SETTLED_FD]).toEqual([3, 4, 5])
  // It stands still at its question: all of this is there when it goes on.
  child.stdio[QUESTIONS_FD]?.once('data', () => {
    settled?.write(packed(TERMINATING))
    child.kill('SIGTERM')
    settled?.write(packed({ call: 1, value: 'v' }))
    answers?.write(packed(null))
  })
  await once(child, 'close')
  expect(printed).toBe('signal answer')
})
