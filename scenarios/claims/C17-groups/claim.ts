export default {
  id: 'C17',
  claim: 'Groups are independent of each other.',
  verdict: 'holds',
  because: 'each group has its own offsets',
  evidence: [
    {
      says: 'for',
      client: 'kafkajs',
      what: 'two groups on one topic',
      file: '../../correct/two-groups.ts',
      by: 'search',
    },
  ],
} as const
