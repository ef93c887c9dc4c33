export default {
  id: 'C45',
  claim: 'A member of an older generation is refused by the coordinator.',
  verdict: 'holds',
  because: 'its commit fails, and what it did is done again by the new owner',
  evidence: [
    {
      says: 'for',
      client: 'poll loop',
      what: 'stands still, is expelled, and commits',
      file: '../C05-commit-sync/sync.scenario.ts',
      by: 'figures',
      faults: [
        {
          kind: 'pause',
          target: 'consumer-0',
          at: { event: 'consumer-0 process start orders/0@9' },
          durationMs: 60000,
        },
      ],
      figures: { 'refused commits': 1, duplicates: 10 },
    },
    {
      says: 'for',
      client: 'kafkajs',
      what: 'commits within its generation only',
      file: '../../mutants/m10-stale-commit/kafkajs.twin.ts',
      by: 'search',
    },
  ],
} as const
