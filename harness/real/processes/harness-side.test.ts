import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { pathToFileURL } from 'node:url'
import { expect, it } from 'vitest'
import {
  ANSWERS_FD,
  packed,
  QUESTIONS_FD,
  type Question,
  SETTLED_FD,
  STANDING,
  TERMINATING,
  Unpacker,
} from './messages.ts'

const HARNESS_SIDE = pathToFileURL(path.join(import.meta.dirname, 'harness-side.ts')).href
const BEGIN = `
import { HarnessSide } from '${HARNESS_SIDE}'
const harness = new HarnessSide()
`
const SIGNALLED = `${BEGIN}
process.on('SIGTERM', () => process.stdout.write('signal '))
await harness.call((call) => ({ kind: 'get', call, transaction: 1, table: 't', key: 'k' }))
process.stdout.write('answer', () => process.exit())
`

const HEARING = `${BEGIN}
process.on('SIGTERM', () => process.stdout.write('signal'))
void harness.call((call) => ({ kind: 'get', call, transaction: 1, table: 't', key: 'k' }))
setTimeout(() => process.exit(), 1_500)
`

const TURNS = `${BEGIN}
harness.ask({ kind: 'ready' })
setImmediate(() => process.stdout.write('next', () => process.exit()))
await null
process.nextTick(() => process.stdout.write('tick '))
`

const TIMED = `${BEGIN}
setTimeout(() => process.stdout.write('timer '), 50)
await harness.call((call) => ({ kind: 'get', call, transaction: 1, table: 't', key: 'k' }))
process.stdout.write('answer', () => process.exit())
`

const ANSWERED = `${BEGIN}
await harness.call((call) => ({ kind: 'get', call, transaction: 1, table: 't', key: 'k' }))
process.stdout.write('answer')
setTimeout(() => process.exit())
`

function started(code: string) {
  const pipe = 'pipe' as const
  const child = spawn(process.execPath, ['--input-type=module', '--eval', code], {
    stdio: ['ignore', pipe, 'inherit', pipe, pipe, pipe],
  })
  const printed: string[] = []
  child.stdout?.on('data', (bytes: Buffer) => printed.push(bytes.toString()))
  const [, , , questions, answers, settled] = child.stdio as readonly unknown[]
  expect([QUESTIONS_FD, ANSWERS_FD, SETTLED_FD]).toEqual([3, 4, 5])
  return {
    child,
    printed,
    questions: questions as Readable,
    answers: answers as Writable,
    settled: settled as Writable,
  }
}

it('ends its turn, and asks then whether it is to stand still', async () => {
  const { child, printed, questions, answers } = started(TURNS)
  const asked: unknown[] = []
  const unpacker = new Unpacker<Question>()
  questions.on('data', (bytes: Buffer) => {
    unpacker.add(bytes)
    for (let next = unpacker.next(); next !== undefined; next = unpacker.next()) {
      asked.push(next.kind, printed.join(''))
      // What it writes has time to arrive here.
      setTimeout(() => answers.write(packed({ value: null, lastTurn: asked.length === 2 })), 100)
    }
  })
  await once(child, 'close')
  expect(asked).toEqual(['ready', '', 'turn-over', 'tick '])
})

it('lets a timer that is due go off before it reads what came while it stood still', async () => {
  const { child, printed, questions, answers, settled } = started(TIMED)
  const unpacker = new Unpacker<Question>()
  const asked: string[] = []
  const answer = (): unknown => answers.write(packed({ value: null, lastTurn: false }))
  questions.on('data', (bytes: Buffer) => {
    unpacker.add(bytes)
    for (let next = unpacker.next(); next !== undefined; next = unpacker.next()) {
      asked.push(next.kind)
      if (next.kind === 'turn-over') {
        settled.write(packed({ call: 1, value: 'v' }))
        setTimeout(answer, 200)
      } else {
        settled.write(packed(STANDING))
        answer()
      }
    }
  })
  await once(child, 'close')
  expect(asked).toEqual(['get', 'turn-over'])
  expect(printed.join('')).toBe('timer answer')
})

it('works with an answer before it stands still behind that', async () => {
  const { child, printed, questions, answers, settled } = started(ANSWERED)
  const asked: unknown[] = []
  const unpacker = new Unpacker<Question>()
  const answer = (): unknown => answers.write(packed({ value: null, lastTurn: false }))
  questions.on('data', (bytes: Buffer) => {
    unpacker.add(bytes)
    for (let next = unpacker.next(); next !== undefined; next = unpacker.next()) {
      if (next.kind === 'turn-over') {
        // What it has written has time to arrive here.
        setTimeout(() => {
          asked.push(printed.join(''))
          answer()
        }, 100)
      } else {
        settled.write(Buffer.concat([packed({ call: 1, value: 'v' }), packed(STANDING)]))
        answer()
      }
    }
  })
  await once(child, 'close')
  expect(asked).toEqual(['answer'])
})

it('takes up a SIGTERM before the answer that came after it', async () => {
  const { child, printed, questions, answers, settled } = started(SIGNALLED)
  // It stands still at its question: all of this is there when it goes on.
  questions.once('data', () => {
    settled.write(packed(TERMINATING))
    child.kill('SIGTERM')
    settled.write(packed({ call: 1, value: 'v' }))
    answers.write(packed({ value: null, lastTurn: false }))
  })
  await once(child, 'close')
  expect(printed.join('')).toBe('signal answer')
})

it('stands still behind a SIGTERM only when it has heard of it', async () => {
  const { child, printed, questions, settled, answers } = started(HEARING)
  const unpacker = new Unpacker<Question>()
  const asked: string[] = []
  questions.on('data', (bytes: Buffer) => {
    unpacker.add(bytes)
    for (let next = unpacker.next(); next !== undefined; next = unpacker.next()) {
      if (next.kind === 'get') {
        settled.write(packed(TERMINATING))
        settled.write(packed(STANDING))
        // The signal is long on its way: until it is there the child goes on.
        setTimeout(() => child.kill('SIGTERM'), 500)
      } else {
        const { kind } = next
        setTimeout(() => asked.push(`${kind} after ${printed.join('')}`), 100)
      }
      answers.write(packed({ value: null, lastTurn: false }))
    }
  })
  await once(child, 'close')
  expect(asked).toEqual(['turn-over after signal'])
})
