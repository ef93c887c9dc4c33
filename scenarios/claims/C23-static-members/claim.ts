export default {
  id: 'C23',
  claim: 'A static member that comes back within its session causes no rebalance.',
  verdict: 'holds',
  because: 'the group keeps its generation, and the member its partitions',
  evidence: [
    {
      says: 'for',
      client: 'poll loop',
      what: 'with group.instance.id',
      file: 'static.scenario.ts',
      by: 'figures',
      faults: [
        {
          kind: 'crash',
          target: 'consumer-0',
          at: { event: 'consumer-0 OffsetCommit#1 acknowledged' },
          restartMs: 5000,
        },
      ],
      figures: { generations: 1 },
    },
    {
      says: 'for',
      client: 'poll loop',
      what: 'without',
      file: 'dynamic.scenario.ts',
      by: 'figures',
      faults: [
        {
          kind: 'crash',
          target: 'consumer-0',
          at: { event: 'consumer-0 OffsetCommit#1 acknowledged' },
          restartMs: 5000,
        },
      ],
      figures: { generations: 2 },
    },
  ],
} as const
