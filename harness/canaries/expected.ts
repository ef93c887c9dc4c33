import type { FaultKind } from '../core/fault.ts'
import type { Guarantee } from '../core/guarantee.ts'
import type { PropertyName } from '../core/verdict.ts'

/** One consumer with one defect, and what a search must make of it. */
export interface Expected {
  readonly id: string
  /** File name without `.ts`; the correct twin is `<file>.twin.ts`. */
  readonly file: string
  readonly defect: string
  /** L loss, D duplicate, O order, P progress, Z stale or zombie write. */
  readonly breaks: string
  readonly guarantee: Guarantee['model']
  /** Properties that may be reported, and no other; the first is the one that its row predicts. */
  readonly properties: readonly PropertyName[]
  /** Why more than its row predicts may fire. */
  readonly why?: string
  /** The smallest fault that shows it, and the smallest workload: the yardstick for shrinking. */
  readonly yardstick: {
    /** Kinds of which any one will do; empty where no fault is needed. */
    readonly kinds: readonly FaultKind[]
    readonly faults: number
    readonly records: number
    readonly processes: number
    readonly partitions: number
  }
}

/** What ends a process, or takes its partition away. */
const RESTARTS: readonly FaultKind[] = ['crash', 'graceful-restart', 'leave', 'join', 'pause', 'broker-down']
const one = { faults: 1, records: 1, processes: 1, partitions: 1 }

export const EXPECTED: readonly Expected[] = [
  {
    id: 'M01',
    file: 'm01-commits-offset',
    defect: 'commits offset instead of offset + 1',
    breaks: 'D',
    guarantee: 'at-most-once',
    properties: ['duplicate-effect'],
    yardstick: { ...one, kinds: RESTARTS },
  },
  {
    id: 'M02',
    file: 'm02-string-plus-one',
    defect: "adds 1 to a string: '1' + 1 = '11'",
    breaks: 'L',
    guarantee: 'at-least-once',
    properties: ['lost-record', 'commit-ahead'],
    why: 'the first wrong offset is 11, and Kafka resumes there only if the log reaches it: beyond its end, the reset policy reads all again',
    yardstick: { ...one, kinds: RESTARTS, records: 11 },
  },
  {
    id: 'M03',
    file: 'm03-commits-first',
    defect: 'commits before it processes',
    breaks: 'L',
    guarantee: 'at-least-once',
    properties: ['lost-record', 'commit-ahead'],
    yardstick: { ...one, kinds: RESTARTS },
  },
  {
    id: 'M04',
    file: 'm04-promise-all',
    defect: 'resolveOffset for each message inside Promise.all',
    breaks: 'L',
    guarantee: 'at-least-once',
    properties: ['lost-record', 'commit-ahead', 'stuck-partition'],
    why: 'what resolves after the failure moves the position in memory past the failed record, and the commit stays behind it: nobody reads it again before a restart',
    yardstick: { ...one, kinds: ['effect-error', 'effect-ack-lost', 'crash'], records: 2 },
  },
  {
    id: 'M05',
    file: 'm05-overlapping-commits',
    defect: 'overlapping commits: a lower one overwrites a higher one',
    breaks: 'D',
    guarantee: 'at-least-once',
    properties: ['commit-regression'],
    why: 'at least once allows the duplicates that follow; what no restart explains is that the group goes back',
    yardstick: { ...one, kinds: ['request-error', 'request-delayed', 'answer-delayed'], records: 2 },
  },
  {
    id: 'M06',
    file: 'm06-swallowed-error',
    defect: 'error swallowed in eachMessage',
    breaks: 'L',
    guarantee: 'at-least-once',
    properties: ['lost-record', 'commit-ahead'],
    yardstick: { ...one, kinds: ['effect-error'] },
  },
  {
    id: 'M07',
    file: 'm07-floating-promise',
    defect: 'floating promise in eachMessage',
    breaks: 'L',
    guarantee: 'at-least-once',
    properties: ['lost-record', 'commit-ahead'],
    why: 'an effect that was sent happens although its process dies; it takes a second record for a commit that overtakes one',
    yardstick: { ...one, kinds: ['crash', 'effect-error'], records: 2 },
  },
  {
    id: 'M08',
    file: 'm08-no-heartbeat',
    defect: 'long handler, no heartbeat',
    breaks: 'D, P',
    guarantee: 'at-least-once',
    properties: ['duplicate-effect', 'stuck-partition', 'rebalance-storm'],
    yardstick: { ...one, kinds: [], faults: 0 },
  },
  {
    id: 'M09',
    file: 'm09-heartbeat-hides-hang',
    defect: 'interval heartbeat hides a stuck handler',
    breaks: 'P',
    guarantee: 'at-least-once',
    properties: ['stuck-partition', 'shutdown-hang'],
    why: 'the call that hangs has done its work: what waits for ever is the next record, and whoever asks the process to end',
    yardstick: { ...one, kinds: ['effect-ack-lost'], records: 2 },
  },
  {
    id: 'M10',
    file: 'm10-stale-commit',
    defect: 'commit from the old handler after revocation',
    breaks: 'Z',
    guarantee: 'at-least-once',
    properties: ['commit-unowned', 'commit-regression', 'position-jump', 'wrong-resume'],
    why: 'the unowned commit is lower than what the new owner has committed, and whoever resumes there is given records again',
    yardstick: { ...one, kinds: ['join', 'pause', 'crash'], partitions: 2 },
  },
  {
    id: 'M22',
    file: 'm22-exits-at-once',
    defect: 'SIGTERM exits before the handler ended',
    breaks: 'D, L',
    guarantee: 'exactly-once',
    properties: ['duplicate-effect'],
    yardstick: { ...one, kinds: ['graceful-restart', 'leave'] },
  },
  {
    id: 'M23',
    file: 'm23-sends-offset',
    defect: 'transaction: sendOffsets without + 1',
    breaks: 'D',
    guarantee: 'exactly-once',
    properties: ['duplicate-effect'],
    yardstick: { ...one, kinds: RESTARTS },
  },
  {
    id: 'M24',
    file: 'm24-id-per-instance',
    defect: 'transaction: a transactional id for each process',
    breaks: 'Z, D',
    guarantee: 'exactly-once',
    properties: ['duplicate-effect'],
    yardstick: { ...one, kinds: ['pause', 'slow-handler', 'crash', 'link-cut'], processes: 2 },
  },
  {
    id: 'M25',
    file: 'm25-output-outside',
    defect: 'transaction: output sent outside it',
    breaks: 'D, L, P',
    guarantee: 'exactly-once',
    properties: ['duplicate-effect', 'torn-transaction'],
    why: 'sendOffsets is not repeated by kafkajs where the last transaction is still ending: a second record is enough, without any fault',
    yardstick: { ...one, kinds: [], faults: 0, records: 2 },
  },
  {
    id: 'M26',
    file: 'm26-type-error',
    defect: 'SyntaxError on a malformed record: the consumer is dead, the process lives',
    breaks: 'P',
    guarantee: 'at-least-once',
    properties: ['dead-consumer'],
    yardstick: { ...one, kinds: ['malformed-record'] },
  },
  {
    id: 'M27',
    file: 'm27-poison-for-ever',
    defect: 'poison record retried for ever',
    breaks: 'P',
    guarantee: 'at-least-once',
    properties: ['stuck-partition'],
    yardstick: { ...one, kinds: ['malformed-record', 'effect-error'] },
  },
  {
    id: 'M29',
    file: 'm29-commits-before-flush',
    defect: 'buffered writer commits before it flushes',
    breaks: 'L',
    guarantee: 'at-least-once',
    properties: ['lost-record', 'commit-ahead'],
    yardstick: { ...one, kinds: ['crash', 'graceful-restart', 'leave'] },
  },
  {
    id: 'M33',
    file: 'm33-acks-one',
    defect: 'dead letters sent with acks: 1, so that only their leader has them',
    breaks: 'L',
    guarantee: 'at-least-once',
    properties: ['dead-letter-lost', 'lost-record', 'commit-ahead'],
    why: 'a letter that is gone is a record that nobody has processed, and the commit behind it was ahead',
    yardstick: { ...one, kinds: ['broker-down', 'broker-crash', 'leader-moved'], partitions: 2 },
  },
]
