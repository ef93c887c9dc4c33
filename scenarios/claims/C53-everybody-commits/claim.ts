export default {
  id: 'C53',
  claim: 'In a rebalance polling ends, everybody finishes, everybody commits, and then partitions move.',
  verdict: 'refuted',
  because: 'a process that is dead, stands still or has no listener commits nothing',
  evidence: [
    {
      says: 'against',
      client: 'poll loop',
      what: 'has a listener, and dies',
      file: '../C12-commit-on-revoke/with.scenario.ts',
      by: 'figures',
      faults: [
        { kind: 'join', target: 'consumer-1', at: { event: 'consumer-0 process end orders/0@0' } },
        {
          kind: 'crash',
          target: 'consumer-0',
          at: { event: 'consumer-0 process end orders/0@2' },
          restartMs: 60000,
        },
      ],
      figures: { duplicates: 1, lost: 0 },
    },
    {
      says: 'against',
      client: 'poll loop',
      what: 'has no listener, and another process joins',
      file: '../C12-commit-on-revoke/without.scenario.ts',
      by: 'figures',
      faults: [{ kind: 'join', target: 'consumer-1', at: { event: 'consumer-0 process end orders/0@0' } }],
      figures: { duplicates: 4, lost: 0 },
    },
  ],
} as const
