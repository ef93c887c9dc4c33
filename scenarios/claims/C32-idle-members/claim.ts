export default {
  id: 'C32',
  claim: 'With more consumers than partitions the rest are idle, and take over when one dies.',
  verdict: 'holds',
  because: 'a member without a partition is a member',
  evidence: [
    {
      says: 'for',
      client: 'poll loop',
      what: 'three processes on two partitions',
      file: 'three.scenario.ts',
      by: 'figures',
      faults: [],
      figures: { idle: 1, lost: 0 },
    },
    {
      says: 'for',
      client: 'poll loop',
      what: 'one that has a partition dies, and comes back when the others have done its work',
      file: 'three.scenario.ts',
      by: 'figures',
      faults: [
        {
          kind: 'crash',
          target: 'consumer-0',
          at: { event: 'consumer-0 process start orders/0@0' },
          restartMs: 100000,
        },
      ],
      figures: { lost: 0, duplicates: 0, 'effects after a restart': 0, 'expired sessions': 1 },
    },
    {
      says: 'for',
      client: 'poll loop',
      what: 'three processes on two partitions',
      file: 'three.scenario.ts',
      by: 'search',
    },
  ],
} as const
