export default {
  id: 'C49',
  claim: 'A commit that failed is tried again with exponential backoff.',
  verdict: 'refuted',
  because:
    'across a newer commit or a rebalance that goes back: it is the defect of overlapping commits as advice',
  evidence: [
    {
      says: 'against',
      client: 'kafkajs',
      what: 'commits without waiting, on a client that tries again',
      file: '../../mutants/m05-overlapping-commits/kafkajs.ts',
      by: 'counterexample',
      property: 'commit-regression',
      replay: 'm05-kafkajs.json',
    },
    {
      says: 'against',
      client: '@platformatic/kafka',
      what: 'commits without waiting, on a client that tries again',
      file: '../../mutants/m05-overlapping-commits/platformatic.ts',
      by: 'counterexample',
      property: 'commit-regression',
      replay: 'm05-platformatic.json',
    },
    {
      says: 'against',
      client: 'poll loop',
      what: 'tries again in the callback',
      file: '../C06-commit-async/retries.scenario.ts',
      by: 'counterexample',
      property: 'commit-regression',
      replay: 'retries.json',
    },
  ],
} as const
