export default {
  id: 'C09',
  claim:
    'A rebalance comes from a join, from a death, from a poll that comes too late, and from new partitions.',
  verdict: 'holds',
  because: 'each alone makes a new generation, and so does a member that leaves',
  evidence: [
    {
      says: 'for',
      client: 'poll loop',
      what: 'nothing happens',
      file: 'steady.scenario.ts',
      by: 'figures',
      faults: [],
      figures: { generations: 1 },
    },
    {
      says: 'for',
      client: 'poll loop',
      what: 'a second process joins',
      file: 'steady.scenario.ts',
      by: 'figures',
      faults: [{ kind: 'join', target: 'consumer-1', at: { event: 'consumer-0 process end orders/0@0' } }],
      figures: { generations: 2 },
    },
    {
      says: 'for',
      client: 'poll loop',
      what: 'another process joins, dies, and comes back',
      file: 'steady.scenario.ts',
      by: 'figures',
      faults: [
        { kind: 'join', target: 'consumer-1', at: { event: 'consumer-0 process end orders/0@0' } },
        {
          kind: 'crash',
          target: 'consumer-1',
          at: { event: 'consumer-1 SyncGroup#1 acknowledged' },
          restartMs: 90000,
        },
      ],
      figures: { generations: 4, 'expired sessions': 1 },
    },
    {
      says: 'for',
      client: 'poll loop',
      what: 'partitions are added',
      file: 'steady.scenario.ts',
      by: 'figures',
      faults: [
        {
          kind: 'partitions-added',
          target: 'orders',
          count: 2,
          at: { event: 'consumer-0 process end orders/0@0' },
        },
      ],
      figures: { generations: 2 },
    },
    {
      says: 'for',
      client: 'poll loop',
      what: 'polls too late',
      file: 'late-poll.scenario.ts',
      by: 'figures',
      faults: [],
      figures: { generations: 2, 'expired sessions': 0, 'members that left': 1 },
    },
  ],
} as const
