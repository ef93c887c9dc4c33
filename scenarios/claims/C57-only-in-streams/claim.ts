export default {
  id: 'C57',
  claim: 'Exactly once is fully supported in Kafka Streams only.',
  verdict: 'refuted',
  because: 'a consumer and a transactional producer do it',
  evidence: [
    {
      says: 'against',
      client: 'kafkajs',
      what: 'output and offsets in one transaction',
      file: '../../correct/consume-transform-produce.ts',
      by: 'search',
    },
    {
      says: 'against',
      client: '@platformatic/kafka',
      what: 'output and offsets in one transaction',
      file: '../../mutants/m25-output-outside/platformatic.twin.ts',
      by: 'search',
    },
  ],
} as const
