import { describe, expect, test } from 'vitest'
import type { PropertyName } from '../harness/core/verdict.ts'
import { tell } from './explain.ts'
import { see, type TestSetting } from './testing/check.ts'
import { historyOf } from './testing/history.ts'

function told(property: PropertyName, text: string, setting: TestSetting = {}): string[] {
  const [finding] = see(property, text, setting)
  if (finding === undefined) throw new Error('nothing was found')
  const { sentence, story } = tell(historyOf(text), finding)
  return [sentence, ...story.map(({ lane, text }) => `${lane}: ${text}`)]
}

const START = `
  topic orders partitions=2
  append orders/1@0..8
  append orders/0@0..8
  consumer-0 start
  consumer-1 start
  consumer-0 owns orders/1 gen=1
  consumer-1 owns orders/0 gen=1`

test('lost-record: committed before processed, crashed, resumed', () => {
  const history = `${START}
    consumer-0 told orders/1 none
    consumer-0 processes orders/1@0..2
    consumer-1 processes orders/0@0..1
    consumer-0 commits orders/1@3
    consumer-0 processes orders/1@3..6
    consumer-0 commits orders/1@7
    consumer-0 gets orders/1@7
    consumer-0 commits orders/1@8
    fault crash consumer-0
    consumer-0 crash
    consumer-0 expelled
    consumer-1 owns orders/0 orders/1 gen=2
    consumer-1 told orders/1@8
    consumer-1 processes orders/1@8
    consumer-1 commits orders/1@9
    end`
  expect(told('lost-record', history)).toEqual([
    'consumer-0 committed orders/1 up to 8 before it processed 7, crashed, and consumer-1 resumed at 8',
    'consumer-0: is given orders/1 in generation 1',
    'consumer-0: learns that orders/1 has no committed offset',
    'consumer-0: processes orders/1@0 to 6 and commits up to 7',
    'consumer-0: begins orders/1@7',
    'consumer-0: commits orders/1 up to 8',
    'consumer-0: crashes',
    'consumer-0: is expelled (session-expired)',
    'consumer-1: is given orders/1 in generation 2',
    'consumer-1: is told to resume orders/1 at 8',
    'consumer-1: begins orders/1@8',
  ])
})

test('lost-record: a failed effect is swallowed', () => {
  const history = `${START}
    fault effect-error orders/1@1
    consumer-0 processes orders/1@0
    consumer-0 gets orders/1@1
    consumer-0 effect-fails orders/1@1 error=refused
    consumer-0 ends orders/1@1
    consumer-0 processes orders/1@2..8
    consumer-0 commits orders/1@9
    consumer-1 processes orders/0@0..8
    consumer-1 commits orders/0@9
    end`
  expect(told('lost-record', history)).toEqual([
    'consumer-0 committed orders/1 up to 9 before it processed 1',
    'consumer-0: is given orders/1 in generation 1',
    'harness: the effect of orders/1@1 is refused',
    'consumer-0: processes orders/1@0',
    'consumer-0: begins orders/1@1',
    'consumer-0: fails to process orders/1@1 (refused)',
    'consumer-0: processes orders/1@2 to 8',
    'consumer-0: commits orders/1 up to 9',
  ])
})

test('duplicate-effect: crashed before it committed', () => {
  const history = `${START}
    consumer-0 processes orders/1@0
    consumer-0 crash
    consumer-0 start
    consumer-1 owns orders/0 orders/1 gen=2
    consumer-1 processes orders/1@0`
  expect(told('duplicate-effect', history)).toEqual([
    'consumer-0 processed orders/1@0, crashed before its offset was committed, and consumer-1 processed it again',
    'consumer-0: is given orders/1 in generation 1',
    'consumer-0: begins orders/1@0',
    'consumer-0: processes orders/1@0',
    'consumer-0: crashes',
    'consumer-0: is started again',
    'consumer-1: is given orders/1 in generation 2',
    'consumer-1: begins orders/1@0',
    'consumer-1: processes orders/1@0',
  ])
})

describe('duplicate-effect: other causes', () => {
  test.each([
    [
      'consumer-0 commits orders/1@1 phase=rejected',
      'consumer-0 processed orders/1@0, its commit was refused (ILLEGAL_GENERATION), and it processed it again',
    ],
    ['', 'consumer-0 processed orders/1@0, its offset was not committed, and it processed it again'],
    [
      'consumer-0 commits orders/1@1\nconsumer-0 commits orders/1@0',
      'consumer-0 processed orders/1@0 and it processed it again although consumer-0 had committed 1',
    ],
    [
      'consumer-0 pause\nconsumer-0 resume',
      'consumer-0 processed orders/1@0, froze before its offset was committed, and it processed it again',
    ],
  ])('%s', (between, sentence) => {
    const history = `${START}
      consumer-0 processes orders/1@0
      ${between}
      consumer-0 processes orders/1@0`
    expect(told('duplicate-effect', history)[0]).toBe(sentence)
  })
})

test('duplicate-effect: at most once goes on although its commit was refused', () => {
  const history = `${START}
    consumer-0 gets orders/1@0
    consumer-0 commits orders/1@1 phase=rejected
    consumer-0 effect orders/1@0
    consumer-0 revoked
    consumer-1 owns orders/0 orders/1 gen=2
    consumer-1 gets orders/1@0
    consumer-1 commits orders/1@1
    consumer-1 effect orders/1@0`
  expect(told('duplicate-effect', history)[0]).toBe(
    'consumer-0 processed orders/1@0, its commit was refused (ILLEGAL_GENERATION), and consumer-1 processed it again',
  )
})

test('zombie-effect: froze, lost its partition, went on', () => {
  const history = `${START}
    consumer-0 gets orders/1@0
    fault pause consumer-0
    consumer-0 pause
    consumer-0 expelled
    consumer-1 owns orders/0 orders/1 gen=2
    consumer-1 gets orders/1@0
    consumer-0 resume
    consumer-0 effect orders/1@0`
  expect(told('zombie-effect', history)).toEqual([
    'consumer-0 froze, lost orders/1 to consumer-1, and processed orders/1@0 after consumer-1 had begun',
    'consumer-0: is given orders/1 in generation 1',
    'consumer-0: begins orders/1@0',
    'consumer-0: freezes',
    'consumer-0: is expelled (session-expired)',
    'consumer-1: is given orders/1 in generation 2',
    'consumer-1: begins orders/1@0',
    'consumer-0: goes on as if no time had passed',
    'consumer-0: processes orders/1@0',
  ])
})

test('a finding without a sentence of its own keeps its message', () => {
  const history = `
    consumer-0 start
    consumer-0 subscribes orders
    fault malformed-record orders/0@0
    consumer-0 consumer-crash error='TypeError: x'
    wait 60s
    end`
  expect(told('dead-consumer', history)).toEqual([
    'consumer-0 is alive and consumes no more: its consumer crashed (TypeError: x) and nothing started it again',
    'harness: orders/0@0 is malformed',
    'consumer-0: its consumer crashes (TypeError: x)',
  ])
})

test('what happens again and again is told once', () => {
  const rounds = Array.from(
    { length: 5 },
    (_, index) => `
      consumer-0 gets orders/1@0
      consumer-0 fails orders/1@0 error=poison
      consumer-0 expelled
      consumer-0 owns orders/1 gen=${index + 2}`,
  )
  const history = `topic orders partitions=2\nappend orders/1@0\n${rounds.join('')}\ndrain\ndeadline`
  const [, ...story] = told('stuck-partition', history)
  expect(story).toEqual([
    'consumer-0: begins orders/1@0, again and again',
    'consumer-0: fails on orders/1@0 (poison), again and again',
    'consumer-0: is expelled (session-expired), again and again',
    'consumer-0: is given orders/1, again and again',
    'consumer-0: begins orders/1@0',
    'consumer-0: fails on orders/1@0 (poison)',
    'harness: every fault heals',
    'harness: no further progress before the deadline',
  ])
})

test('a story is short: what is ordinary goes first, what proves the finding stays', () => {
  const rounds = Array.from(
    { length: 12 },
    (_, index) => `
      consumer-0 gets orders/1@0
      consumer-0 fails orders/1@0 error=${index}
      consumer-0 commits orders/1@0 phase=rejected`,
  )
  const history = `${START}${rounds.join('')}
    consumer-0 effect orders/1@0
    consumer-0 effect orders/1@0`
  const [, ...story] = told('duplicate-effect', history)
  expect(story).toHaveLength(15)
  expect(story.at(-1)).toBe('consumer-0: processes orders/1@0')
})
