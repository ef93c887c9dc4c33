export default {
  id: 'C40',
  claim: 'Records of one key go to one partition, and so keep their order.',
  verdict: 'holds if',
  because: 'the number of partitions stays as it is',
  evidence: [
    {
      says: 'for',
      client: 'poll loop',
      what: 'a producer with a key, and consumers that crash, join and leave',
      file: 'steady.scenario.ts',
      by: 'search',
    },
    {
      says: 'against',
      client: 'poll loop',
      what: 'partitions are added while the producer goes on',
      file: 'added.scenario.ts',
      by: 'counterexample',
      property: 'out-of-order',
      replay: 'added.json',
    },
  ],
} as const
