/** The result that a search of these services must have: a `Defect` of `harness/canaries`. */
export default {
  id: 'M05',
  defect: 'overlapping commits: a lower one overwrites a higher one',
  breaks: 'D',
  guarantee: 'at-least-once',
  properties: ['commit-regression'],
  why: 'at least once allows the duplicates that follow; what no restart explains is that the group goes back',
  yardstick: {
    kinds: ['request-error', 'request-delayed', 'answer-delayed'],
    faults: 1,
    records: 2,
    processes: 1,
    partitions: 1,
  },
  services: [
    {
      service: 'overlapping commits',
      kafkajs: { file: 'kafkajs.ts', must: 'fail' },
      platformatic: { file: 'platformatic.ts', must: 'fail' },
    },
    {
      service: 'waits for each commit',
      twin: true,
      kafkajs: { file: 'kafkajs.twin.ts', must: 'hold' },
      platformatic: { file: 'platformatic.twin.ts', must: 'hold' },
    },
  ],
} as const
