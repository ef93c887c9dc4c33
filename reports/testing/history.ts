import type { HistoryEvent, Observation } from '../../harness/core/history.ts'

const consumer0 = { process: 'consumer-0', incarnation: 1 } as const
const consumer1 = { process: 'consumer-1', incarnation: 1 } as const
const orders = { topic: 'orders', partition: 0 } as const
const group = 'billing'

const OBSERVATIONS: readonly (readonly [number, Observation])[] = [
  [0, { kind: 'topic-created', topic: 'orders', partitions: 1, startOffset: 9_007_199_254_740_993n }],
  [0, { kind: 'phase', phase: 'safety' }],
  [0, { kind: 'process-started', ...consumer0 }],
  [
    1_542,
    {
      kind: 'request',
      phase: 'sent',
      api: 'JoinGroup',
      ordinal: 1,
      broker: 'broker-0',
      error: null,
      ...consumer0,
    },
  ],
  [2_001, { kind: 'rebalance', group, reason: 'consumer-0 joined' }],
  [
    3_000_000,
    { kind: 'generation', group, generation: 1, members: [{ memberId: 'm-0', process: 'consumer-0' }] },
  ],
  [
    3_000_400,
    { kind: 'believes', group, memberId: 'm-0', generation: 1, partitions: [orders], ...consumer0 },
  ],
  [3_000_900, { kind: 'offset-fetched', group, offset: -1n, ...consumer0, ...orders }],
  [3_001_000, { kind: 'handler-start', group, offset: 9_007_199_254_740_993n, ...consumer0, ...orders }],
  [
    3_001_200,
    {
      kind: 'effect',
      label: 'saved',
      via: 'record',
      offset: 9_007_199_254_740_993n,
      ...consumer0,
      ...orders,
    },
  ],
  [
    3_002_000,
    {
      kind: 'commit',
      phase: 'applied',
      group,
      memberId: 'm-0',
      generation: 1,
      offset: 9_007_199_254_740_994n,
      error: null,
      transactional: false,
      ordinal: 1,
      owner: 'consumer-0',
      ...consumer0,
      ...orders,
    },
  ],
  [
    3_002_000,
    {
      kind: 'fault',
      index: 0,
      fault: {
        kind: 'crash',
        target: 'consumer-0',
        at: { event: 'consumer-0 OffsetCommit#1 applied' },
        restartMs: 100,
      },
      phase: 'begins',
    },
  ],
  [3_002_000, { kind: 'process-crashed', reason: 'SIGKILL', ...consumer0 }],
  [33_002_000, { kind: 'member-removed', group, memberId: 'm-0', reason: 'session-expired', ...consumer0 }],
  [33_002_100, { kind: 'assigned', group, memberId: 'm-1', generation: 2, partitions: [], ...consumer1 }],
  [
    33_003_000,
    { kind: 'handler-failure', group, error: 'boom\n    at x', offset: 1n, ...consumer1, ...orders },
  ],
  [33_004_000, { kind: 'drain-deadline', deadlineMs: 600_000 }],
]

/** A short history with one event of many kinds. */
export const HISTORY: readonly HistoryEvent[] = OBSERVATIONS.map(([timeUs, observation], seq) => ({
  seq,
  timeUs,
  ...observation,
}))
