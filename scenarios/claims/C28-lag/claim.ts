export default {
  id: 'C28',
  claim:
    'Lag is the end of the log minus the committed offset: it grows while a consumer stands still, and ends at 0.',
  verdict: 'holds',
  because: '10 of 20 records come while the consumer stands still for 30 s, and in the end 20 is committed',
  evidence: [
    {
      says: 'for',
      client: 'poll loop',
      what: 'keeps up: at most one record behind',
      file: 'steady.scenario.ts',
      by: 'figures',
      faults: [],
      figures: { 'most lag': 1, 'last committed offset': 20, lost: 0 },
    },
    {
      says: 'for',
      client: 'poll loop',
      what: 'stands still for 30 s',
      file: 'steady.scenario.ts',
      by: 'figures',
      faults: [
        {
          kind: 'pause',
          target: 'consumer-0',
          at: { event: 'consumer-0 process end orders/0@5' },
          durationMs: 30000,
        },
      ],
      figures: { 'most lag': 10, 'last committed offset': 20, lost: 0 },
    },
  ],
} as const
