export default {
  id: 'C06',
  claim:
    'commitAsync is not tried again, and may complete out of order: an older commit overwrites a newer one.',
  verdict: 'holds if',
  because:
    'somebody tries it again: kafkajs and @platformatic/kafka do, Java and the poll loop do not unless the callback does',
  evidence: [
    {
      says: 'for',
      client: 'kafkajs',
      what: 'commits without waiting, on a client that tries again',
      file: '../../mutants/m05-overlapping-commits/kafkajs.ts',
      by: 'counterexample',
      property: 'commit-regression',
      replay: 'm05-kafkajs.json',
    },
    {
      says: 'for',
      client: '@platformatic/kafka',
      what: 'commits without waiting, on a client that tries again',
      file: '../../mutants/m05-overlapping-commits/platformatic.ts',
      by: 'counterexample',
      property: 'commit-regression',
      replay: 'm05-platformatic.json',
    },
    {
      says: 'for',
      client: 'poll loop',
      what: 'tries again in the callback',
      file: 'retries.scenario.ts',
      by: 'counterexample',
      property: 'commit-regression',
      replay: 'retries.json',
    },
    {
      says: 'against',
      client: 'poll loop',
      what: 'commits without waiting',
      file: 'async.scenario.ts',
      by: 'search',
    },
    {
      says: 'against',
      client: 'kafkajs',
      what: 'waits for each commit',
      file: '../../mutants/m05-overlapping-commits/kafkajs.twin.ts',
      by: 'search',
    },
    {
      says: 'against',
      client: '@platformatic/kafka',
      what: 'waits for each commit',
      file: '../../mutants/m05-overlapping-commits/platformatic.twin.ts',
      by: 'search',
    },
  ],
} as const
