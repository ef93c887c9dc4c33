import { describe, expect, test } from 'vitest'
import { definitionOf, FAULT_KINDS, type Fault, type FaultKind } from '../harness/core/fault.ts'
import type { StoryMark } from '../harness/core/story.ts'
import type { PropertyName } from '../harness/core/verdict.ts'
import { tell } from './explain.ts'
import { exactlyOnce } from './models.ts'
import { beatOf } from './story/beats/index.ts'
import { scopeOf } from './story/scope.ts'
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

test('duplicate-effect: rows that stand in a service, with the calls that made them', () => {
  const history = `${START}
    consumer-0 gets orders/1@0
    consumer-0 effect orders/1@0 via=service label=db call=consumer-0+db+COMMIT#2
    consumer-1 gets orders/1@0
    consumer-1 effect orders/1@0 via=service label=db call=consumer-1+db+COMMIT#1
    end`
  const lines = told('duplicate-effect', history, { guarantee: exactlyOnce(), effectsOfRecord: 'one' })
  expect(lines[0]).toMatch(
    /^orders\/1@0 stands twice in db: by consumer-0 db COMMIT#2, and again by consumer-1 db COMMIT#1\./,
  )
  expect(lines).toContain('consumer-0: processes orders/1@0, by COMMIT#2 at db')
  expect(lines).toContain('consumer-1: processes orders/1@0 a second time, by COMMIT#1 at db')
})

test('invariant-broken: the calls and records of all processes, since it names none', () => {
  const history = `${START}
    consumer-0 told orders/1 none
    consumer-0 gets orders/1@0
    consumer-0 calls db BEGIN#1
    consumer-0 calls db INSERT#1
    consumer-1 gets orders/0@0
    consumer-1 calls db INSERT#1 error=40001
    consumer-0 calls db COMMIT#1 phase=lost
    fault crash consumer-0
    consumer-0 crash
    consumer-0 calls db COMMIT#1
    end
    invariant broken text=twice`
  expect(told('invariant-broken', history)).toEqual([
    "'it adds up' is broken: twice.",
    'consumer-0: owns orders/1 (generation 1), from the beginning',
    'consumer-1: owns orders/0 (generation 1)',
    'consumer-0: begins orders/1@0',
    'consumer-0: at db: BEGIN#1, INSERT#1',
    'consumer-1: begins orders/0@0',
    'consumer-1: gets the answer 40001 to INSERT#1 from db',
    'consumer-0: gets no answer to COMMIT#1 at db',
    'consumer-0: crashes',
    'db: does COMMIT#1, which consumer-0 had sent before',
    "harness: finds 'it adds up' broken: twice",
  ])
  // A finding that names its records is told by what became of these.
  const lost = history.replace('end', 'consumer-0 commits orders/1@1')
  expect(told('commit-ahead', lost).join()).not.toContain('at db')
})

test('invariant-broken: calls of a process that polls a table, told once', () => {
  const polls = (count: number): string[] =>
    Array.from({ length: count }, (_, index) => [
      `consumer-1 calls db SELECT#${index + 1}`,
      `consumer-1 calls db COMMIT#${index + 1}`,
    ]).flat()
  const toldOf = (lines: readonly string[]) =>
    told('invariant-broken', [START, ...lines, 'end', 'invariant broken text=twice'].join('\n')).filter(
      (line) => line.includes('at db'),
    )
  const insert = 'consumer-1 calls db INSERT#1'
  expect(toldOf([...polls(40), insert])).toEqual(['consumer-1: at db: 40 times SELECT and COMMIT, INSERT#1'])
  expect(toldOf([insert, ...polls(2)])).toEqual([
    'consumer-1: at db: INSERT#1, SELECT#1, COMMIT#1, SELECT#2, COMMIT#2',
  ])
  // A call of another sort in the middle of it is still seen.
  const between = [...polls(3), insert, ...polls(3).map((line) => line.replace('SELECT', 'DELETE'))]
  expect(toldOf(between)).toEqual([
    'consumer-1: at db: 3 times SELECT and COMMIT, INSERT#1, 3 times DELETE and COMMIT',
  ])
})

test.each([
  [
    'the effect of another partition that it refuses',
    'fault effect-error orders/0@0',
    'consumer-1 effect-fails orders/0@0',
    'consumer-1: fails to process orders/0@0',
  ],
  [
    'the call that it spoils',
    'fault service-error consumer-0+db+INSERT#1',
    'consumer-0 calls db INSERT#1 error=40001',
    'consumer-0: gets the answer 40001 to INSERT#1 from db',
  ],
])('where a fault strikes is told: %s', (_, fault, strikes, line) => {
  const history = `${START}
    consumer-0 told orders/1 none
    ${fault}
    ${strikes}
    consumer-0 gets orders/1@0
    consumer-0 commits orders/1@1
    end`
  expect(told('commit-ahead', history)).toEqual(expect.arrayContaining([expect.stringContaining(line)]))
  // Without the fault it has nothing to do with the record.
  const calm = history.replace(fault, '')
  expect(told('commit-ahead', calm).join('\n')).not.toContain(line)
})

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
    'orders/1@7 is lost. consumer-0 committed offset 8 while its handler was still working on it, crashed, and consumer-1 resumed at 8.',
    'consumer-0: owns orders/1 (generation 1), from the beginning',
    'consumer-0: processes orders/1@0 to @2; commits offset 3',
    'consumer-0: processes orders/1@3 to @6; commits offset 7',
    'consumer-0: begins orders/1@7',
    'consumer-0: commits offset 8 of orders/1',
    'consumer-0: crashes',
    'g: removes the crashed consumer-0 (session timed out)',
    'consumer-1: owns orders/1 (generation 2), from offset 8',
    'consumer-1: begins orders/1@8',
    ': orders/1@7 is never processed',
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
    'orders/1@1 is lost. consumer-0 committed offset 9 although @1 had failed (refused).',
    'consumer-0: owns orders/1 (generation 1)',
    'consumer-0: processes orders/1@0',
    'consumer-0: begins orders/1@1',
    'consumer-0: fails to process orders/1@1 (refused)',
    'consumer-0: ends orders/1@1 without an effect',
    'consumer-0: processes orders/1@2 to @8',
    'consumer-0: commits offset 9 of orders/1',
    ': orders/1@1 is never processed',
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
    'orders/1@0 was processed twice: by consumer-0, and again by consumer-1. consumer-0 crashed before its offset was committed.',
    'consumer-0: owns orders/1 (generation 1)',
    'consumer-0: begins orders/1@0',
    'consumer-0: processes orders/1@0',
    'consumer-0: crashes',
    'consumer-0: starts again',
    'consumer-1: owns orders/1 (generation 2)',
    'consumer-1: begins orders/1@0',
    'consumer-1: processes orders/1@0 a second time',
  ])
})

test('lost-record: what a handler without an effect has asked, and no other', () => {
  const lines = told(
    'lost-record',
    `
    topic orders
    append orders/0@0
    append orders/0@1
    consumer-0 start
    consumer-0 owns orders/0
    consumer-0 calls store GET#1
    consumer-0 gets orders/0@0
    consumer-0 calls store GET#2
    consumer-1 calls store GET#3
    consumer-0 calls store COMMIT#1
    consumer-0 ends orders/0@0
    consumer-0 gets orders/0@1
    consumer-0 calls store GET#4
    consumer-0 effect orders/0@1
    consumer-0 ends orders/0@1
    consumer-0 commits orders/0@2
    end`,
  )
  expect(lines.filter((line) => line.includes('store'))).toEqual(['consumer-0: at store: GET#2'])
})

describe('duplicate-effect: a message that was sent twice', () => {
  const identity: TestSetting['identity'] = ({ value }) => value ?? ''
  const historyWith = (writes: readonly string[], second = 'consumer-1'): string => `
    topic orders partitions=2
    consumer-0 start
    consumer-1 start
    consumer-0 owns orders/0
    ${second} owns orders/1
    consumer-0 told orders/0 none
    ${writes.join('\n')}
    consumer-0 processes orders/0@0
    ${second} processes orders/1@0`
  const setting = { guarantee: exactlyOnce(), identity }
  const sent = ['append orders/0@0 value=cart by=shop-0', 'append orders/1@0 value=cart by=shop-0']
  const same = 'orders/1@0 is the same message as orders/0@0'

  test('the second effect is told with the record of the first', () => {
    expect(told('duplicate-effect', historyWith(sent), setting)).toEqual([
      `${same}, and both were processed: by consumer-1 and by consumer-0. shop-0 wrote it twice.`,
      'consumer-0: owns orders/0 (generation 1), from the beginning',
      'consumer-1: owns orders/1 (generation 1)',
      'consumer-0: begins orders/0@0',
      'consumer-0: processes orders/0@0',
      'consumer-1: begins orders/1@0',
      'consumer-1: processes orders/1@0, the same message as orders/0@0',
    ])
  })

  test('a process that has crashed writes nothing: what it had sent arrives', () => {
    const writes = [
      'shop-0 start',
      'fault crash shop-0',
      'shop-0 crash',
      sent[0] ?? '',
      'shop-0 start',
      sent[1] ?? '',
    ]
    const lines = told('duplicate-effect', historyWith(writes), setting)
    expect(lines).toContain('cluster: appends orders/0@0, which shop-0 had sent')
    expect(lines).not.toContain('shop-0: writes orders/0@0')
  })

  test.each([
    ['another process', 'by=shop-1', ' shop-0 wrote it, and shop-1 wrote it again.'],
    ['the workload', '', ''],
  ])('%s wrote it again, and one process did both', (_, by, cause) => {
    const writes = [sent[0] ?? '', `append orders/1@0 value=cart ${by}`]
    const [sentence] = told('duplicate-effect', historyWith(writes, 'consumer-0'), setting)
    expect(sentence).toBe(`${same}, and both were processed by consumer-0.${cause}`)
  })
})

describe('duplicate-effect: other causes', () => {
  test.each([
    [
      'consumer-0 commits orders/1@1 phase=rejected',
      "orders/1@0 was processed twice by consumer-0. consumer-0's commit of offset 1 was refused (ILLEGAL_GENERATION: not the generation of the group).",
    ],
    ['', 'orders/1@0 was processed twice by consumer-0.'],
    [
      'consumer-0 commits orders/1@1\nconsumer-0 commits orders/1@0',
      'orders/1@0 was processed twice by consumer-0. consumer-0 had committed offset 1.',
    ],
    [
      'consumer-0 pause\nconsumer-0 resume',
      'orders/1@0 was processed twice by consumer-0. consumer-0 froze before its offset was committed.',
    ],
  ])('%s', (between, sentence) => {
    const history = `${START}
      consumer-0 processes orders/1@0
      ${between}
      consumer-0 processes orders/1@0`
    expect(told('duplicate-effect', history)[0]).toBe(sentence)
  })
})

test('duplicate-effect: given again by its client, which had not asked where to go on', () => {
  const history = `${START}
    consumer-0 told orders/1 none
    consumer-0 gets orders/1@0
    consumer-0 commits orders/1@1
    consumer-0 effect orders/1@0
    consumer-0 fails orders/1@0
    consumer-0 processes orders/1@0`
  expect(told('duplicate-effect', history)[0]).toMatch(
    /^orders\/1@0 was processed twice by consumer-0\. consumer-0 had committed offset 1 and its handler failed after that/,
  )
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
    "orders/1@0 was processed twice: by consumer-0, and again by consumer-1. consumer-0's commit of offset 1 was refused (ILLEGAL_GENERATION: not the generation of the group).",
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
    'consumer-0 processed orders/1@0 although it had lost orders/1 to consumer-1, which had already begun. consumer-0 froze.',
    'consumer-0: owns orders/1 (generation 1)',
    'consumer-0: begins orders/1@0',
    'consumer-0: freezes',
    'g: removes consumer-0 (session timed out)',
    'consumer-1: owns orders/1 (generation 2)',
    'consumer-1: begins orders/1@0',
    'consumer-0: wakes up, 5 ms later',
    'consumer-0: processes orders/1@0',
  ])
})

test('dead-consumer: nobody starts it again', () => {
  const history = `
    consumer-0 start
    consumer-0 subscribes orders
    fault malformed-record orders/0@0
    consumer-0 consumer-crash error='TypeError: x'
    wait 60s
    end`
  expect(told('dead-consumer', history)).toEqual([
    'consumer-0 runs on without a consumer: its consumer stopped for good (TypeError: x), and the app neither restarted it nor exited.',
    'harness: orders/0@0 is malformed',
    'consumer-0: its consumer stops for good (TypeError: x)',
    ': consumer-0 runs on without a consumer',
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
    'consumer-0: begins orders/1@0',
    'consumer-0: fails on orders/1@0 (poison)',
    'g: removes consumer-0 (session timed out)',
    'consumer-0: owns orders/1 (generation 2)',
    ': repeats 1 to 4, 4 times',
    ': 10 min later: still at orders/1@0',
  ])
})

test('stuck-partition: a record that was never handed out is not what its process is at', () => {
  const history = `
    topic orders partitions=2
    append orders/1@0
    append orders/1@1
    consumer-0 owns orders/1 gen=1
    consumer-0 gets orders/1@0
    consumer-0 effect orders/1@0
    drain
    deadline`
  expect(told('stuck-partition', history).at(-1)).toBe(': 10 min later: orders/1@1 is still not processed')
})

test('a story is short: how it begins, how it ends and its commits stay', () => {
  const words = [
    'one',
    'two',
    'three',
    'four',
    'five',
    'six',
    'seven',
    'eight',
    'nine',
    'ten',
    'eleven',
    'twelve',
  ]
  const rounds = words.map(
    (error) => `
      consumer-0 gets orders/1@0
      consumer-0 fails orders/1@0 error=${error}
      consumer-0 told orders/1 none`,
  )
  const history = `${START}${rounds.join('')}
    consumer-0 effect orders/1@0
    consumer-0 commits orders/1@0
    consumer-0 effect orders/1@0`
  const [, ...story] = told('duplicate-effect', history)
  expect(story).toHaveLength(15)
  expect(story[0]).toBe('consumer-0: owns orders/1 (generation 1), from the beginning')
  expect(story.slice(-2)).toEqual([
    'consumer-0: commits offset 0 of orders/1',
    'consumer-0: processes orders/1@0 a second time',
  ])
})

describe('stuck-partition: why it does not go on', () => {
  const stuck = (what: string): string | undefined =>
    told(
      'stuck-partition',
      `topic orders\nappend orders/0@0..1\nconsumer-0 start\nconsumer-0 subscribes orders\n${what}\ndrain\ndeadline`,
    )[0]
  const owns = 'consumer-0 owns orders/0 gen=1\nconsumer-0 told orders/0 none\n'

  test.each([
    [
      'a handler that never returns',
      `${owns}consumer-0 gets orders/0@0\nconsumer-0 effect orders/0@0`,
      'orders/0 is stuck behind @0: its handler never returns.',
    ],
    [
      'a partition that was paused',
      `${owns}consumer-0 gets orders/0@0\nconsumer-0 pauses orders/0\nconsumer-0 fails orders/0@0 error=refused`,
      'orders/0 is stuck at @0: its handler failed (refused), and consumer-0 has paused orders/0 since 0.0 s, and nothing resumes it.',
    ],
    [
      'a partition that was paused and resumed',
      `${owns}consumer-0 processes orders/0@0\nconsumer-0 pauses orders/0\nconsumer-0 resumes orders/0`,
      'orders/0 is stuck behind @0: consumer-0 owns orders/0 and was not given orders/0@1.',
    ],
    [
      'a partition of a member that was removed, and does not know',
      `${owns}consumer-0 processes orders/0@0\nconsumer-0 expelled`,
      'orders/0 is stuck behind @0: consumer-0 was not given orders/0@1 and takes orders/0 for its own still, although the group g has removed it.',
    ],
    [
      'a poison record',
      `${owns}consumer-0 gets orders/0@0\nconsumer-0 fails orders/0@0 error=poison\nconsumer-0 gets orders/0@0\nconsumer-0 fails orders/0@0 error=poison`,
      'orders/0 is stuck at @0: consumer-0 fails on it each time (poison).',
    ],
    [
      'a handler that did nothing',
      `${owns}consumer-0 gets orders/0@0\nconsumer-0 ends orders/0@0`,
      'orders/0 is stuck at @0: its handler returned without an effect.',
    ],
    [
      'an assignment that was never learnt of',
      'consumer-0 assigned orders/0 gen=1',
      'orders/0 is stuck at @0: the group g gave it to consumer-0, which never learnt of it.',
    ],
  ])('%s', (_, what, sentence) => {
    expect(stuck(what)).toBe(sentence)
  })
})

describe('what a picture draws', () => {
  const fault = (kind: FaultKind): string | undefined =>
    definitionOf(kind).told({
      kind,
      target: 'a',
      at: { atMs: 0 },
      durationMs: 1,
      times: 'once',
    } as unknown as Fault)?.mark

  test.each(FAULT_KINDS)(
    'of %s: that something is wrong, that somebody is gone, or that somebody is new',
    (kind) => {
      const gone = kind.startsWith('broker-') || kind === 'service-down'
      const expected = kind === 'join' ? 'start' : gone ? 'crash' : 'trouble'
      const itself = definitionOf(kind).shownBy !== undefined && fault(kind) === undefined
      expect(itself ? expected : fault(kind)).toBe(expected)
    },
  )

  const MARKS: Readonly<Record<string, StoryMark>> = {
    crash: 'crash',
    pause: 'freeze',
    resume: 'resume',
    start: 'start',
    terminate: 'stop',
    exit: 'end',
    'exit code=1': 'crash',
    hang: 'crash',
    'consumer-stop': 'stop',
    'consumer-stopping stop': 'stop',
    'consumer-crash': 'trouble',
    'owns orders/0': 'told',
    'told orders/0@1': 'told',
    'pauses orders/0': 'stop',
    'resumes orders/0': 'work',
    revoked: 'told',
    expelled: 'trouble',
    'gets orders/0@0': 'work',
    'ends orders/0@0': 'trouble',
    'fails orders/0@0': 'trouble',
    'batch orders/0@0..0': 'work',
    'batch-fails orders/0@0..0': 'trouble',
    'effect orders/0@0': 'work',
    'effect-fails orders/0@0': 'trouble',
    'skips orders/0@0': 'work',
    'seeks orders/0@0': 'work',
    'commits orders/0@1': 'commit',
    'commits orders/0@1 phase=rejected': 'trouble',
  }
  test.each(Object.entries(MARKS))('%s: %s', (line, mark) => {
    const before =
      'topic orders\nappend orders/0@0\nconsumer-0 start\nconsumer-0 believes orders/0\nconsumer-0 gets orders/0@0\n'
    const { events } = historyOf(`${before}consumer-0 ${line}`)
    const record = { about: { records: ['orders/0@0'] }, events: [1, 4] }
    const scope = scopeOf(events, { property: 'lost-record', message: '', ...record })
    expect(events.slice(5).flatMap((event) => beatOf(event, scope)?.mark ?? [])[0]).toBe(mark)
  })
})
