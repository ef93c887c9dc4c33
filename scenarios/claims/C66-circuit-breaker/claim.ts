export default {
  id: 'C66',
  claim: 'A circuit breaker is the answer to a database that is down.',
  verdict: 'holds if',
  because:
    'the partition is paused while the circuit is open: a service that leaves records out loses them, and one that waits in the handler is expelled',
  evidence: [
    {
      says: 'for',
      client: 'kafkajs',
      what: 'pauses its partition: nothing is lost, nobody is expelled',
      file: 'pauses.scenario.ts',
      by: 'figures',
      faults: [
        {
          kind: 'service-down',
          target: 'db',
          at: {
            atMs: 6000,
          },
          durationMs: 90000,
        },
      ],
      figures: {
        lost: 0,
        duplicates: 0,
        'expired sessions': 0,
      },
    },
    {
      says: 'against',
      client: 'kafkajs',
      what: 'leaves records out: 4 of 6 are lost',
      file: 'skips.scenario.ts',
      by: 'figures',
      faults: [
        {
          kind: 'service-down',
          target: 'db',
          at: {
            atMs: 6000,
          },
          durationMs: 90000,
        },
      ],
      figures: {
        lost: 4,
      },
    },
    {
      says: 'against',
      client: 'kafkajs',
      what: 'waits in the handler: it is expelled, and an order saved twice',
      file: 'waits.scenario.ts',
      by: 'figures',
      faults: [
        {
          kind: 'service-down',
          target: 'db',
          at: {
            atMs: 6000,
          },
          durationMs: 90000,
        },
      ],
      figures: {
        lost: 0,
        duplicates: 1,
        'expired sessions': 1,
      },
    },
  ],
} as const
