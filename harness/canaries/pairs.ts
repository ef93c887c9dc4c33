import type { PropertyName } from '../core/verdict.ts'

/** What a search must make of a service. */
export interface Service {
  /** Below `scenarios`. */
  readonly file: string
  /** Properties of which one must be violated; none: it must hold. */
  readonly violates: readonly PropertyName[]
}

/** The same service on two clients; a text says why there is none on this client. */
export interface Pair {
  readonly id: string
  readonly service: string
  readonly kafkajs: Service | string
  readonly platformatic: Service | string
}

const LOSS: readonly PropertyName[] = ['lost-record', 'commit-ahead']
const LETTER: readonly PropertyName[] = ['dead-letter-lost', ...LOSS]
const NO_PROTOCOL = 'the client has no such protocol'
const NO_STREAM = 'the client has handlers, and no stream'
const BIGINT = 'offsets are bigint: `offset + 1` is a TypeError'

function mutant(file: string, violates: readonly PropertyName[]): Service {
  return { file: `mutants/${file}.ts`, violates }
}

function twin(file: string): Service {
  return { file: `mutants/${file}.twin.ts`, violates: [] }
}

function here(file: string, violates: readonly PropertyName[] = []): Service {
  return { file: `two-clients/${file}.ts`, violates }
}

/** The defects of `../mutants/expected.ts` that make sense on both clients, each followed by its correct twin. */
export const PAIRS: readonly Pair[] = [
  {
    id: 'orders',
    service: 'does not await its database; commits of the client',
    kafkajs: { file: 'orders/orders.scenario.ts', violates: LOSS },
    platformatic: here('orders', LOSS),
  },
  {
    id: 'orders',
    service: 'awaits its database; commits of the client',
    kafkajs: { file: 'orders/orders-fixed.scenario.ts', violates: [] },
    platformatic: here('orders-awaits', LOSS),
  },
  {
    id: 'orders',
    service: 'awaits its database, then commits by itself',
    kafkajs: 'not needed',
    platformatic: here('orders-fixed'),
  },
  {
    id: 'M01',
    service: 'commits offset instead of offset + 1, then processes',
    kafkajs: mutant('m01-commits-offset', ['duplicate-effect']),
    platformatic: here('m01-commits-offset', ['duplicate-effect']),
  },
  {
    id: 'M01 twin',
    service: 'commits the next offset, then processes',
    kafkajs: twin('m01-commits-offset'),
    platformatic: here('m01-commits-offset.twin'),
  },
  {
    id: 'M02',
    service: "adds 1 to a string: '1' + 1 = '11'",
    kafkajs: mutant('m02-string-plus-one', LOSS),
    platformatic: BIGINT,
  },
  {
    id: 'M03',
    service: 'commits before it processes',
    kafkajs: mutant('m03-commits-first', LOSS),
    platformatic: here('m03-commits-first', LOSS),
  },
  {
    id: 'M03 twin',
    service: 'processes, then commits',
    kafkajs: twin('m03-commits-first'),
    platformatic: here('m03-commits-first.twin'),
  },
  {
    id: 'M03',
    service: 'commits before it processes, in a group of KIP-848',
    kafkajs: NO_PROTOCOL,
    platformatic: here('m03-kip-848', LOSS),
  },
  {
    id: 'M03 twin',
    service: 'processes, then commits, in a group of KIP-848',
    kafkajs: NO_PROTOCOL,
    platformatic: here('m03-kip-848.twin'),
  },
  {
    id: 'M03',
    service: 'commits before it processes, in a pipeline',
    kafkajs: NO_STREAM,
    platformatic: here('m03-pipeline', LOSS),
  },
  {
    id: 'M03 twin',
    service: 'processes, then commits, in a pipeline',
    kafkajs: NO_STREAM,
    platformatic: here('m03-pipeline.twin'),
  },
  {
    id: 'M03 twin',
    service: 'processes, then commits, with `cooperative-sticky`',
    kafkajs: 'the client has no such assignor',
    platformatic: here('m03-cooperative.twin'),
  },
  {
    id: 'M03 twin',
    service: 'processes, then commits, while the assignor changes',
    kafkajs: 'the client has no such assignor',
    platformatic: here('m03-assignors.twin'),
  },
  {
    id: 'M04',
    service: 'commits each record inside Promise.all',
    kafkajs: mutant('m04-promise-all', [...LOSS, 'stuck-partition']),
    platformatic: here('m04-promise-all', LOSS),
  },
  {
    id: 'M04 twin',
    service: 'commits once all of Promise.all is done',
    kafkajs: twin('m04-promise-all'),
    platformatic: here('m04-promise-all.twin'),
  },
  {
    id: 'M04',
    service: 'commits each record, in a `data` listener',
    kafkajs: NO_STREAM,
    platformatic: here('m04-listener', LOSS),
  },
  {
    id: 'M04 twin',
    service: 'queues its records, in a `data` listener',
    kafkajs: NO_STREAM,
    platformatic: here('m04-listener.twin'),
  },
  {
    id: 'M05',
    service: 'overlapping commits',
    kafkajs: mutant('m05-overlapping-commits', ['commit-regression']),
    platformatic: here('m05-overlapping-commits', ['commit-regression']),
  },
  {
    id: 'M05 twin',
    service: 'waits for each commit',
    kafkajs: twin('m05-overlapping-commits'),
    platformatic: here('m05-overlapping-commits.twin'),
  },
  {
    id: 'M06',
    service: 'swallows errors',
    kafkajs: mutant('m06-swallowed-error', LOSS),
    platformatic: here('m06-swallowed-error', LOSS),
  },
  {
    id: 'M06 twin',
    service: 'lets errors through',
    kafkajs: twin('m06-swallowed-error'),
    platformatic: here('m06-swallowed-error.twin'),
  },
  {
    id: 'M07',
    service: 'floating promise',
    kafkajs: mutant('m07-floating-promise', LOSS),
    platformatic: here('m07-floating-promise', LOSS),
  },
  {
    id: 'M07 twin',
    service: 'awaits its work',
    kafkajs: twin('m07-floating-promise'),
    platformatic: here('m07-floating-promise.twin'),
  },
  {
    id: 'M08',
    service: 'works longer than its session lasts, and sends no heartbeat',
    kafkajs: mutant('m08-no-heartbeat', ['duplicate-effect', 'stuck-partition', 'rebalance-storm']),
    platformatic: here('m08-no-heartbeat'),
  },
  {
    id: 'M09',
    service: 'heartbeats hide a call that hangs',
    kafkajs: mutant('m09-heartbeat-hides-hang', ['stuck-partition', 'shutdown-hang']),
    platformatic: here('m09-heartbeat-hides-hang', ['stuck-partition', 'shutdown-hang']),
  },
  {
    id: 'M09 twin',
    service: 'gives a call that hangs up',
    kafkajs: twin('m09-heartbeat-hides-hang'),
    platformatic: here('m09-heartbeat-hides-hang.twin'),
  },
  {
    id: 'M22',
    service: 'exits on SIGTERM at once',
    kafkajs: mutant('m22-exits-at-once', ['duplicate-effect']),
    platformatic: here('m22-exits-at-once', ['duplicate-effect']),
  },
  {
    id: 'M22 twin',
    service: 'ends its work on SIGTERM',
    kafkajs: twin('m22-exits-at-once'),
    platformatic: here('m22-exits-at-once.twin'),
  },
  {
    id: 'M23',
    service: 'transaction: offsets without + 1',
    kafkajs: mutant('m23-sends-offset', ['duplicate-effect']),
    platformatic: 'the client adds the 1 by itself',
  },
  {
    id: 'M24',
    service: 'transaction: an id for each process',
    kafkajs: mutant('m24-id-per-instance', ['duplicate-effect']),
    platformatic: here('m25-output-outside.twin'),
  },
  {
    id: 'M25',
    service: 'transaction: output outside it',
    kafkajs: mutant('m25-output-outside', ['duplicate-effect', 'torn-transaction']),
    platformatic: here('m25-output-outside', ['duplicate-effect', 'torn-transaction']),
  },
  {
    id: 'M25 twin',
    service: 'transaction: output and offset in it',
    kafkajs: twin('m25-output-outside'),
    platformatic: here('m25-output-outside.twin'),
  },
  {
    id: 'M26',
    service: 'a malformed record ends the consumer, and not the process',
    kafkajs: mutant('m26-type-error', ['dead-consumer']),
    platformatic: here('m26-type-error', ['dead-consumer']),
  },
  {
    id: 'M26 twin',
    service: 'skips a malformed record',
    kafkajs: twin('m26-type-error'),
    platformatic: here('m26-type-error.twin'),
  },
  {
    id: 'M27',
    service: 'retries a poison record for ever',
    kafkajs: mutant('m27-poison-for-ever', ['stuck-partition']),
    platformatic: here('m27-poison-for-ever', ['stuck-partition']),
  },
  {
    id: 'M27 twin',
    service: 'sends a poison record to a dead-letter topic',
    kafkajs: twin('m27-poison-for-ever'),
    platformatic: here('m27-poison-for-ever.twin'),
  },
  {
    id: 'M29',
    service: 'commits before it flushes',
    kafkajs: mutant('m29-commits-before-flush', LOSS),
    platformatic: here('m29-commits-before-flush', LOSS),
  },
  {
    id: 'M29 twin',
    service: 'flushes, then commits',
    kafkajs: twin('m29-commits-before-flush'),
    platformatic: here('m29-commits-before-flush.twin'),
  },
  {
    id: 'M33',
    service: 'sends dead letters with acks: 1',
    kafkajs: mutant('m33-acks-one', LETTER),
    platformatic: here('m33-acks-one', LETTER),
  },
  {
    id: 'M33 twin',
    service: 'sends dead letters with acks: -1',
    kafkajs: twin('m33-acks-one'),
    platformatic: here('m33-acks-one.twin'),
  },
]
