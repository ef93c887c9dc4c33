export default {
  id: 'C12',
  claim:
    'Without a commit before partitions are revoked their new owner does records again; commitSync in the callback avoids it.',
  verdict: 'holds if',
  because: 'the rebalance is an orderly one: a process that is dead or stands still runs no callback',
  evidence: [
    {
      says: 'for',
      client: 'poll loop',
      what: 'commits at the end of its work only, and another process joins',
      file: 'without.scenario.ts',
      by: 'figures',
      faults: [{ kind: 'join', target: 'consumer-1', at: { event: 'consumer-0 process end orders/0@0' } }],
      figures: { duplicates: 4, lost: 0 },
    },
    {
      says: 'for',
      client: 'poll loop',
      what: 'commits when partitions are revoked',
      file: 'with.scenario.ts',
      by: 'figures',
      faults: [{ kind: 'join', target: 'consumer-1', at: { event: 'consumer-0 process end orders/0@0' } }],
      figures: { duplicates: 0, lost: 0 },
    },
    {
      says: 'against',
      client: 'poll loop',
      what: 'commits when partitions are revoked, but stands still for a minute',
      file: 'with.scenario.ts',
      by: 'figures',
      faults: [
        { kind: 'join', target: 'consumer-1', at: { event: 'consumer-0 process end orders/0@0' } },
        {
          kind: 'pause',
          target: 'consumer-0',
          at: { event: 'consumer-0 process end orders/0@1' },
          durationMs: 60000,
        },
      ],
      figures: { duplicates: 12, lost: 0 },
    },
  ],
} as const
