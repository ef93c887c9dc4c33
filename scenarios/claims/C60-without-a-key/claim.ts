export default {
  id: 'C60',
  claim: 'Records without a key are spread round robin.',
  verdict: 'holds if',
  because:
    'the producer is kafkajs or @platformatic/kafka; Java’s, since 2.4, stays in a partition until a batch is full, and so does the poll loop’s',
  evidence: [
    {
      says: 'for',
      client: 'kafkajs',
      what: 'sends 12 records to 4 partitions',
      file: 'kafkajs.scenario.ts',
      by: 'figures',
      faults: [],
      figures: {
        'partitions written to': 4,
      },
    },
    {
      says: 'for',
      client: '@platformatic/kafka',
      what: 'sends 12 records to 4 partitions',
      file: 'platformatic.scenario.ts',
      by: 'figures',
      faults: [],
      figures: {
        'partitions written to': 4,
      },
    },
    {
      says: 'against',
      client: 'poll loop',
      what: 'sends 12 records to 4 partitions',
      file: 'poll-loop.scenario.ts',
      by: 'figures',
      faults: [],
      figures: {
        'partitions written to': 1,
      },
    },
  ],
} as const
