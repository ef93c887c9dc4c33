export default {
  id: 'C14',
  claim: 'At least once: process, then commit. Nothing is lost, records may be done twice.',
  verdict: 'holds',
  because: 'what is committed is done',
  evidence: [
    {
      says: 'for',
      client: 'kafkajs',
      what: 'processes, then commits',
      file: '../../mutants/m03-commits-first/kafkajs.twin.ts',
      by: 'search',
    },
    {
      says: 'for',
      client: '@platformatic/kafka',
      what: 'processes, then commits',
      file: '../../mutants/m03-commits-first/platformatic.twin.ts',
      by: 'search',
    },
    {
      says: 'for',
      client: 'poll loop',
      what: 'processes, then commits',
      file: '../C05-commit-sync/sync.scenario.ts',
      by: 'search',
    },
    {
      says: 'for',
      client: 'poll loop',
      what: 'dies before its commit: 10 records are done twice, none is lost',
      file: '../C05-commit-sync/sync.scenario.ts',
      by: 'figures',
      faults: [
        {
          kind: 'crash',
          target: 'consumer-0',
          at: { event: 'consumer-0 process end orders/0@9' },
          restartMs: 1000,
        },
      ],
      figures: { duplicates: 10, lost: 0 },
    },
  ],
} as const
