import type { PropertyName } from '../../harness/core/verdict.ts'

/** One consumer with one defect, and what a search must make of it. */
export interface Expected {
  readonly id: string
  /** File name without `.ts`; the correct twin is `<file>.twin.ts`. */
  readonly file: string
  readonly defect: string
  /** L loss, D duplicate, O order, P progress, Z stale or zombie write. */
  readonly breaks: string
  /** Properties that may be reported, and no other; the first is the one that its row predicts. */
  readonly properties: readonly PropertyName[]
  /** Why more than its row predicts may fire. */
  readonly why?: string
  /** The smallest fault that shows it: the yardstick for shrinking. */
  readonly yardstick: {
    readonly faults: number
    readonly records: number
    readonly processes: number
    readonly partitions: number
  }
}

const one = { faults: 1, records: 1, processes: 1, partitions: 1 }

export const EXPECTED: readonly Expected[] = [
  {
    id: 'M01',
    file: 'm01-commits-offset',
    defect: 'commits offset instead of offset + 1',
    breaks: 'D',
    properties: ['duplicate-effect'],
    yardstick: one,
  },
  {
    id: 'M02',
    file: 'm02-string-plus-one',
    defect: "adds 1 to a string: '9' + 1 = '91'",
    breaks: 'L',
    properties: ['lost-record', 'commit-ahead'],
    yardstick: { ...one, faults: 0, records: 2 },
  },
  {
    id: 'M03',
    file: 'm03-commits-first',
    defect: 'commits before it processes',
    breaks: 'L',
    properties: ['lost-record', 'commit-ahead'],
    yardstick: one,
  },
  {
    id: 'M04',
    file: 'm04-promise-all',
    defect: 'resolveOffset for each message inside Promise.all',
    breaks: 'L',
    properties: ['lost-record', 'commit-ahead', 'duplicate-effect'],
    why: 'the last resolveOffset wins, not the highest: where the work of the last record ends first, the commit falls behind and what was done is done again without any fault',
    yardstick: { ...one, faults: 0, records: 2 },
  },
  {
    id: 'M05',
    file: 'm05-overlapping-commits',
    defect: 'overlapping commits: a lower one overwrites a higher one',
    breaks: 'D',
    properties: ['commit-regression'],
    yardstick: { ...one, records: 2 },
  },
  {
    id: 'M06',
    file: 'm06-swallowed-error',
    defect: 'error swallowed in eachMessage',
    breaks: 'L',
    properties: ['lost-record', 'commit-ahead'],
    yardstick: one,
  },
  {
    id: 'M07',
    file: 'm07-floating-promise',
    defect: 'floating promise in eachMessage',
    breaks: 'L',
    properties: ['lost-record', 'commit-ahead'],
    yardstick: one,
  },
  {
    id: 'M08',
    file: 'm08-no-heartbeat',
    defect: 'long handler, no heartbeat',
    breaks: 'D, P',
    properties: ['duplicate-effect', 'stuck-partition', 'rebalance-storm'],
    yardstick: { ...one, faults: 0 },
  },
  {
    id: 'M09',
    file: 'm09-heartbeat-hides-hang',
    defect: 'interval heartbeat hides a stuck handler',
    breaks: 'P',
    properties: ['stuck-partition'],
    yardstick: { ...one, faults: 0 },
  },
  {
    id: 'M10',
    file: 'm10-stale-commit',
    defect: 'commit from the old handler after revocation',
    breaks: 'Z',
    properties: ['zombie-effect', 'commit-unowned', 'commit-regression', 'position-jump', 'wrong-resume'],
    why: 'work that goes on after its partition has moved shows first as an effect of a process that lost it; the commit that follows is unowned, and lower than what the new owner has committed',
    yardstick: { ...one, partitions: 2 },
  },
  {
    id: 'M22',
    file: 'm22-exits-at-once',
    defect: 'SIGTERM exits before the handler ended',
    breaks: 'D, L',
    properties: ['duplicate-effect'],
    yardstick: { ...one, records: 2 },
  },
  {
    id: 'M26',
    file: 'm26-type-error',
    defect: 'SyntaxError on a malformed record: the consumer is dead, the process lives',
    breaks: 'P',
    properties: ['dead-consumer', 'stuck-partition'],
    yardstick: one,
  },
  {
    id: 'M27',
    file: 'm27-poison-for-ever',
    defect: 'poison record retried for ever',
    breaks: 'P',
    properties: ['stuck-partition'],
    yardstick: one,
  },
  {
    id: 'M29',
    file: 'm29-commits-before-flush',
    defect: 'buffered writer commits before it flushes',
    breaks: 'L',
    properties: ['lost-record', 'commit-ahead'],
    yardstick: one,
  },
]
