import { describe, expect, test } from 'vitest'
import { atLeastOnce } from './models.ts'
import { see, sentences, type TestSetting } from './testing/check.ts'

const START = `
  topic orders
  append orders/0@0..3
  consumer-0 start
  consumer-0 subscribes orders
  consumer-0 owns orders/0`

describe('stuck-partition', () => {
  test('a poison record is tried for ever', () => {
    const history = `${START}
      consumer-0 processes orders/0@0..1
      consumer-0 commits orders/0@2
      consumer-0 gets orders/0@2
      consumer-0 fails orders/0@2 error='Error: poison'
      drain
      deadline
      end`
    expect(sentences('stuck-partition', history)).toEqual([
      'the group g never gets past orders/0@2: consumer-0 fails on it (Error: poison)',
    ])
  })

  test('a consumer without a group is named as such', () => {
    const history = `
      topic orders
      append orders/0@0
      consumer-0 start
      consumer-0 subscribes orders group=''
      consumer-0 gets orders/0@0 group=''
      drain
      deadline`
    expect(sentences('stuck-partition', history)).toEqual([
      'the consumer without a group never gets past orders/0@0: consumer-0 does not finish it',
    ])
  })

  test('a handler that never returns', () => {
    const history = `${START}
      consumer-0 gets orders/0@0
      drain
      deadline`
    expect(sentences('stuck-partition', history)).toEqual([
      'the group g never gets past orders/0@0: consumer-0 does not finish it',
    ])
  })

  test.each([
    [
      'the last record of a consumer that seeks',
      'consumer-0 seeks orders/0@0\nconsumer-0 processes orders/0@0..2',
      3,
    ],
    [
      'a record at the committed offset that nobody was given',
      'consumer-0 commits orders/0@2 gen=-1\nconsumer-0 skips orders/0@0..1\nconsumer-0 processes orders/0@3',
      2,
    ],
    [
      'a record of a new group that was given and not finished',
      'consumer-0 told orders/0 none\nconsumer-0 gets orders/0@0\nconsumer-0 request Fetch phase=acknowledged',
      0,
    ],
  ])('stuck and not lost: %s', (_, then, offset) => {
    const history = `${START}\n${then}\ndrain\ndeadline`
    expect(sentences('stuck-partition', history)[0]).toContain(`never gets past orders/0@${offset}`)
    expect(see('lost-record', history)).toEqual([])
  })

  test('a failure that was overcome is no reason', () => {
    const history = `${START}
      consumer-0 batch orders/0@0..3
      consumer-0 batch-fails orders/0@0..3
      consumer-0 batch orders/0@0..3
      consumer-0 batch-ends orders/0@0..3
      drain
      deadline`
    expect(sentences('stuck-partition', history)).toEqual([
      'the group g never gets past orders/0@0: consumer-0 does not finish it',
    ])
  })

  test('nobody owns it', () => {
    const history = `
      topic orders partitions=2
      append orders/1@0
      consumer-0 subscribes orders
      consumer-0 owns orders/0
      drain
      deadline`
    expect(sentences('stuck-partition', history)).toEqual([
      'the group g never gets past orders/1@0: nobody owns orders/1',
    ])
  })

  test('its owner was never given it', () => {
    const history = `${START}
      consumer-0 fetched orders/0@0..3
      drain
      deadline`
    expect(sentences('stuck-partition', history)).toEqual([
      'the group g never gets past orders/0@0: it is not finished',
    ])
  })

  test('a poison record that the tracker forgets holds the commit back, later records go on', () => {
    const history = `${START}
      consumer-0 processes orders/0@0
      consumer-0 commits orders/0@1
      consumer-0 gets orders/0@1
      consumer-0 ends orders/0@1
      consumer-0 processes orders/0@2..3
      drain
      wait 600s
      deadline`
    expect(sentences('stuck-partition', history)).toEqual([
      'the group g never gets past orders/0@1: it is not finished',
    ])
    expect(sentences('lost-record', history)).toEqual([])
  })

  test('all is processed again and again, and no commit is accepted', () => {
    const history = `${START}
      drain
      wait 590s
      consumer-0 processes orders/0@0..3
      consumer-0 commits orders/0@4 phase=rejected
      deadline`
    expect(sentences('stuck-partition', history)).toEqual([
      'orders/0 is never done: its records are processed again and again and the group g has committed nothing of 4',
    ])
  })

  test('the last word of a process is a commit below what it has processed: offset instead of offset + 1', () => {
    const history = `${START}
      consumer-0 processes orders/0@0..2
      consumer-0 gets orders/0@3
      consumer-0 effect orders/0@3
      consumer-0 request OffsetCommit phase=sent
      consumer-0 commits orders/0@3
      consumer-0 request OffsetCommit phase=acknowledged ordinal=2
      consumer-0 request Heartbeat phase=sent ordinal=3
      consumer-0 ends orders/0@3
      end`
    expect(sentences('stuck-partition', history)).toEqual([
      'consumer-0 processed orders/0@3 and then committed offset 3 of orders/0: the lag of the group g stays',
    ])
  })

  test.each([
    ['its handler failed after the effect', /(?= *consumer-0 request)/, 'consumer-0 fails orders/0@3\n'],
    ['a later attempt was lost', /end$/, 'consumer-0 request OffsetCommit phase=sent ordinal=2\nend'],
    ['somebody was given it again', /end$/, 'consumer-1 gets orders/0@3\nend'],
    ['there are later records', /end$/, 'append orders/0@4\nconsumer-1 effect orders/0@4\nend'],
    ['it is the incarnation before', 'effect orders/0@3', 'effect orders/0@3 inc=0'],
    ['its offsets are kept elsewhere', /end$/, 'consumer-0 seeks orders/0@0\nend'],
    ['the lag is gone', 'commits orders/0@3', 'commits orders/0@4'],
    ['there are no requests to tell', /consumer-0 request OffsetCommit phase=sent\n/, ''],
    ['it was sent before', /( *consumer-0 effect orders.0@3\n)(.*sent\n)/, '$2$1'],
    ['the run ended before its drain', /end$/, ''],
  ])('silent about a low last commit: %s', (_, from, to) => {
    const history = `${START}
      consumer-0 processes orders/0@0..2
      consumer-0 gets orders/0@3
      consumer-0 effect orders/0@3
      consumer-0 request OffsetCommit phase=sent
      consumer-0 commits orders/0@3
      end`
    expect(history).toMatch(from)
    expect(see('stuck-partition', history.replace(from, to))).toEqual([])
  })

  test('silent about a last commit that failed and is never repeated', () => {
    const history = `${START}
      consumer-0 processes orders/0@0..3
      consumer-0 commits orders/0@3
      drain
      wait 600s
      deadline`
    expect(see('stuck-partition', history)).toEqual([])
  })

  test('silent where the lag is gone, however busy the group was', () => {
    const history = `${START}
      drain
      wait 590s
      consumer-0 processes orders/0@0..3
      consumer-0 commits orders/0@4
      deadline`
    expect(see('stuck-partition', history)).toEqual([])
  })

  test('silent before the deadline, about what is lost, and about offsets that are kept elsewhere', () => {
    expect(see('stuck-partition', `${START}\nconsumer-0 gets orders/0@0\nend`)).toEqual([])
    const lost = `${START}
      consumer-0 commits orders/0@4
      drain
      deadline`
    expect(see('stuck-partition', lost)).toEqual([])
    const elsewhere = `${START}
      drain
      wait 590s
      consumer-0 seeks orders/0@0
      consumer-0 processes orders/0@0..3
      deadline`
    expect(see('stuck-partition', elsewhere)).toEqual([])
  })

  test('silent where a dead consumer says why', () => {
    const history = `${START}
      consumer-1 start
      consumer-1 owns orders/1
      consumer-0 gets orders/0@0
      consumer-0 consumer-crash error='TypeError: x'
      drain
      wait 600s
      deadline`
    expect(see('stuck-partition', history)).toEqual([])
    expect(see('dead-consumer', history)).toHaveLength(1)
    const takenOver = history.replace('drain', 'consumer-1 owns orders/0 orders/1 gen=2\ndrain')
    expect(see('stuck-partition', takenOver)).toHaveLength(1)
  })
})

describe('dead-consumer', () => {
  test('the consumer crashes for good and its process lives on', () => {
    const history = `${START}
      consumer-0 consumer-stop
      consumer-0 consumer-crash error='TypeError: x is not a function'
      wait 60s
      end`
    expect(sentences('dead-consumer', history)).toEqual([
      'consumer-0 is alive and consumes no more: its consumer crashed (TypeError: x is not a function) and nothing started it again',
    ])
  })

  test('the consumer stops although nobody asked the process to end', () => {
    const history = `${START}
      consumer-0 consumer-stop
      wait 60s
      end`
    expect(sentences('dead-consumer', history)).toEqual([
      'consumer-0 is alive and consumes no more: its consumer stopped and nothing started it again',
    ])
  })

  test('silent about a consumer without a group that was closed, where another one lives', () => {
    const reader = `
      consumer-0 subscribes state group=''
      consumer-0 consumer-stop group=''
      wait 60s
      end`
    expect(sentences('dead-consumer', `${START}${reader}`)).toEqual([])
    expect(sentences('dead-consumer', `consumer-0 start${reader}`)).toHaveLength(1)
  })

  test.each([
    ['failed', 'fails', 1],
    ['ended', 'ends', 0],
    ['failed at a batch', 'batch-fails', 1],
    ['ended a batch', 'batch-ends', 0],
  ])('a consumer without a group that was closed after its last handler %s', (_, ends, count) => {
    const reader = `
      append state/0@0
      consumer-0 subscribes state group=''
      consumer-0 ${ends.startsWith('batch') ? 'batch' : 'gets'} state/0@0 group=''
      consumer-0 ${ends} state/0@0 group=''
      consumer-0 consumer-stop group=''
      wait 60s
      end`
    expect(sentences('dead-consumer', `${START}${reader}`)).toHaveLength(count)
  })

  test('one without a group that was made again after a handler had failed, and has ended well', () => {
    const reader = `
      append state/0@0
      consumer-0 subscribes state group=''
      consumer-0 gets state/0@0 group=''
      consumer-0 fails state/0@0 group=''
      consumer-0 consumer-stop group=''
      consumer-0 subscribes state group=''
      consumer-0 consumer-stop group=''
      wait 60s
      end`
    expect(sentences('dead-consumer', `${START}${reader}`)).toEqual([])
  })

  test.each([
    ['the client starts it again', 'consumer-0 consumer-stop\nconsumer-0 consumer-crash restarts'],
    ['the app starts it again', 'consumer-0 consumer-crash\nconsumer-0 subscribes orders'],
    ['it rejoins', 'consumer-0 consumer-crash\nconsumer-0 owns orders/0 gen=2'],
    ['the service exits', 'consumer-0 consumer-crash\nconsumer-0 exit'],
    [
      'the process crashes and is started again',
      'consumer-0 consumer-crash\nconsumer-0 crash\nconsumer-0 start',
    ],
    ['a shutdown', 'consumer-0 terminate\nconsumer-0 consumer-stop'],
  ])('silent: %s', (_, then) => {
    expect(see('dead-consumer', `${START}\n${then}\nwait 60s\nend`)).toEqual([])
  })

  test('silent about a process that has had no time to react', () => {
    expect(see('dead-consumer', `${START}\nconsumer-0 consumer-crash\nwait 5s\nend`)).toEqual([])
    expect(see('dead-consumer', `${START}\nconsumer-0 consumer-crash\ndeadline`)).toHaveLength(1)
  })
})

describe('rebalance-storm', () => {
  const generations = (count: number): string =>
    Array.from({ length: count }, (_, index) => `generation ${index + 1}\nconsumer-0 expelled`).join('\n')

  test('a slow handler is expelled and comes back, again and again', () => {
    expect(sentences('rebalance-storm', `consumer-0 start\n${generations(9)}\nend`)).toEqual([
      'the group g rebalances without end (consumer-0 was last removed: session-expired)',
    ])
  })

  test('each cause from outside pays for four generations, and a lasting fault for more', () => {
    expect(see('rebalance-storm', `consumer-0 start\n${generations(8)}\nend`)).toEqual([])
    const crash = `consumer-0 start\nfault crash consumer-0\nconsumer-0 crash\nconsumer-0 start\n`
    expect(see('rebalance-storm', `${crash}${generations(20)}\nend`)).toEqual([])
    expect(see('rebalance-storm', `${crash}${generations(21)}\nend`)).toHaveLength(1)
    const cut = 'consumer-0 start\nfault link-cut a~b durationMs=60000\n'
    expect(see('rebalance-storm', `${cut}${generations(32)}\nend`)).toEqual([])
    expect(see('rebalance-storm', `${cut}${generations(33)}\nend`)).toHaveLength(1)
  })

  test.each([
    'consumer-0 start',
    'consumer-0 crash',
    'consumer-0 exit',
    'consumer-0 consumer-crash',
    'fault join consumer-1',
    'partitions-added orders',
  ])('a cause from outside: %s', (cause) => {
    expect(see('rebalance-storm', `${cause}\n${generations(8)}\nend`)).toEqual([])
    expect(see('rebalance-storm', `${cause}\n${generations(9)}\nend`)).toHaveLength(1)
  })

  test('where a client is refused until it gives up, each generation up to the drain may come of that', () => {
    const refused = 'fault request-error consumer-0 Fetch#1 times=until-given-up'
    // The one that is killed had not been refused yet: the next one is.
    for (const between of ['', 'consumer-0 crash', 'consumer-1 exit', 'consumer-0 consumer-crash'])
      expect(see('rebalance-storm', `${refused}\n${between}\n${generations(50)}\nend`)).toEqual([])
    expect(see('rebalance-storm', `${refused}\ndrain\n${generations(50)}\nend`)).toHaveLength(1)
    const before = `${refused}\n${generations(4)}\ndrain\n${generations(50)}\nend`
    expect(see('rebalance-storm', before)).toHaveLength(1)
    const thrice = 'fault request-error consumer-0 Fetch#1 times=3'
    expect(see('rebalance-storm', `${thrice}\n${generations(50)}\nend`)).toHaveLength(1)
  })

  test('nothing is said of a run that ended before its drain', () => {
    expect(see('rebalance-storm', generations(50))).toEqual([])
  })
})

test('hot-loop: no time passes', () => {
  expect(sentences('hot-loop', 'hot-loop consumer-0')).toEqual([
    'consumer-0 did 10000 things without letting time pass',
  ])
  expect(sentences('hot-loop', 'hot-loop')).toEqual(['the run did 10000 things without letting time pass'])
})

describe('shutdown-hang', () => {
  const hang = (before: string, meanwhile: string): string => `
    consumer-0 start
    ${before}
    consumer-0 terminate
    ${meanwhile}
    consumer-0 hang
    end`

  test('the process is killed at the end of its grace period', () => {
    expect(sentences('shutdown-hang', hang('', ''))).toEqual([
      'consumer-0 did not end when it was asked to and had to be killed',
    ])
  })

  test.each([
    ['while a rebalance is on', '', 'rebalance'],
    ['while another process crashes', 'fault crash consumer-1', 'fault crash consumer-1'],
    ['after a cut that had healed', 'fault link-cut a~b durationMs=1\nheals 0', ''],
    ['by the restart that asked for it', 'fault graceful-restart consumer-0', ''],
  ])('no excuse: %s', (_, before, meanwhile) => {
    expect(see('shutdown-hang', hang(before, meanwhile))).toHaveLength(1)
  })

  test.each([
    ['a cut network', 'fault link-cut a~b durationMs=1', ''],
    ['a network that was cut meanwhile and healed', '', 'fault link-cut a~b durationMs=1\nheals 0'],
    ['a handler that was made slow', 'fault slow-handler orders/0@0 durationMs=90000', ''],
    ['a reset meanwhile', '', 'fault link-reset a~b'],
  ])('excused: %s', (_, before, meanwhile) => {
    expect(see('shutdown-hang', hang(before, meanwhile))).toEqual([])
  })

  test.each([
    ['a cut network', 'fault link-cut a~b durationMs=1', 1],
    ['a reset meanwhile', 'fault link-reset a~b', 1],
    ['a handler that was made slow', 'fault slow-handler orders/0@0 durationMs=90000', 0],
  ])('where it claims when it ends: %s', (_, before, accused) => {
    const guarantee = atLeastOnce({ shutdownMs: 30_000 })
    expect(see('shutdown-hang', hang(before, ''), { guarantee })).toHaveLength(accused)
  })

  test.each([
    ['joins its group only then', '', 'consumer-0 owns orders/0', 0, 1],
    ['had joined before', 'consumer-0 owns orders/0', 'consumer-0 owns orders/0', 1, 1],
    ['never joins', '', '', 1, 1],
  ])('a process that %s: judged where it had begun, or claims', (_, before, meanwhile, plain, claimed) => {
    const history = `topic orders\n${hang(before, meanwhile)}`
    expect(see('shutdown-hang', history)).toHaveLength(plain)
    const guarantee = atLeastOnce({ shutdownMs: 30_000 })
    expect(see('shutdown-hang', history, { guarantee })).toHaveLength(claimed)
  })

  test('it ends later than it claims', () => {
    const history = `
      consumer-0 terminate
      wait 20s
      consumer-0 exit asked
      end`
    const guarantee = atLeastOnce({ shutdownMs: 10_000 })
    expect(sentences('shutdown-hang', history, { guarantee })).toEqual([
      'consumer-0 took longer to end than the 10000 ms that it claims',
    ])
    expect(see('shutdown-hang', history, { guarantee: atLeastOnce({ shutdownMs: 30_000 }) })).toEqual([])
    expect(see('shutdown-hang', history)).toEqual([])
  })

  test('the next incarnation is judged by itself', () => {
    const history = `
      consumer-0 terminate
      fault link-reset a~b
      consumer-0 exit asked
      consumer-0 start
      consumer-0 terminate
      consumer-0 hang
      end`
    expect(see('shutdown-hang', history)).toHaveLength(1)
  })

  test('it is told once, whether it was killed or ended late', () => {
    const history = `
      consumer-0 terminate
      wait 20s
      consumer-0 hang
      consumer-0 exit
      end`
    expect(see('shutdown-hang', history, { guarantee: atLeastOnce({ shutdownMs: 10_000 }) })).toHaveLength(1)
  })

  test("work of an incarnation that crashed is nobody else's to commit", () => {
    const history = `${START}
      consumer-0 processes orders/0@0
      consumer-0 crash
      consumer-0 start
      consumer-0 terminate
      consumer-0 exit asked
      end`
    expect(see('shutdown-hang', history)).toEqual([])
  })

  test('another record of the same message is not its to commit', () => {
    const history = `${START}
      append orders/0@4 value=sent-twice
      append orders/0@5 value=sent-twice
      consumer-0 processes orders/0@0..4
      consumer-0 commits orders/0@5
      consumer-0 terminate
      consumer-0 exit asked
      end`
    const identity: TestSetting['identity'] = ({ value }) => value ?? ''
    expect(see('shutdown-hang', history, { identity })).toEqual([])
  })

  test('records that were processed and not committed are a diagnosis', () => {
    const history = `${START}
      consumer-0 processes orders/0@0..1
      consumer-0 commits orders/0@1
      consumer-0 terminate
      consumer-0 exit asked
      end`
    const [finding] = see('shutdown-hang', history)
    expect(finding?.message).toBe(
      'consumer-0 ended on SIGTERM without having committed orders/0@1, which it had processed',
    )
    expect(finding?.diagnosis).toBe(true)
    expect(see('shutdown-hang', history.replace('commits orders/0@1', 'commits orders/0@2'))).toEqual([])
    expect(see('shutdown-hang', history.replace('exit asked', 'exit'))).toEqual([])
  })

  test('a copy in a topic that others consume is nothing that it has to commit', () => {
    const history = `topic copies\nappend copies/0@0${START}
      consumer-0 processes orders/0@0
      consumer-0 effect copies/0@0
      consumer-0 commits orders/0@1
      consumer-0 terminate
      consumer-0 exit asked
      end`
    expect(see('shutdown-hang', history)).toEqual([])
  })
})
