export default {
  id: 'C46',
  claim:
    'A store with a changelog, written in one transaction with the offsets, sums up exactly once over crashes and zombies.',
  verdict: 'holds',
  because:
    'the sum, its changelog and the offset are there together, or none is; without the transaction the sum is wrong after a crash',
  evidence: [
    {
      says: 'for',
      client: 'poll loop',
      what: 'in transactions, 11 records; it dies between output and offset',
      file: 'transaction.scenario.ts',
      by: 'figures',
      faults: [
        {
          kind: 'crash',
          target: 'consumer-0',
          at: {
            event: 'consumer-0 Produce#5 acknowledged',
          },
          restartMs: 1000,
        },
      ],
      figures: {
        'highest output': 11,
      },
    },
    {
      says: 'for',
      client: 'poll loop',
      what: 'in transactions; it stands still for a minute, and another one takes over',
      file: 'transaction.scenario.ts',
      by: 'figures',
      faults: [
        {
          kind: 'pause',
          target: 'consumer-0',
          at: {
            event: 'consumer-0 Produce#5 acknowledged',
          },
          durationMs: 60000,
        },
        {
          kind: 'join',
          target: 'consumer-1',
          at: {
            event: 'consumer-0 Produce#5 acknowledged',
          },
        },
      ],
      figures: {
        'highest output': 11,
      },
    },
    {
      says: 'for',
      client: 'poll loop',
      what: 'without: it dies between output and offset',
      file: 'without.scenario.ts',
      by: 'figures',
      faults: [
        {
          kind: 'crash',
          target: 'consumer-0',
          at: {
            event: 'consumer-0 Produce#5 acknowledged',
          },
          restartMs: 1000,
        },
      ],
      figures: {
        'highest output': 12,
      },
    },
  ],
} as const
