/** The result that a search of these services must have: a `Defect` of `harness/canaries`. */
export default {
  id: 'M16',
  defect: 'a mark that expires before the redelivery',
  breaks: 'D',
  guarantee: 'exactly-once',
  properties: ['duplicate-effect'],
  yardstick: {
    kinds: ['crash', 'slow-handler', 'pause'],
    faults: 1,
    records: 1,
    processes: 1,
    partitions: 1,
  },
  services: [
    {
      service: 'marks that last 10 s',
      kafkajs: { file: 'kafkajs.ts', must: 'fail' },
      platformatic: { file: 'platformatic.ts', must: 'fail' },
      pollLoop: { file: 'poll-loop.ts', must: 'fail' },
    },
    {
      service: 'marks that last a week',
      twin: true,
      kafkajs: { file: 'kafkajs.twin.ts', must: 'hold' },
      platformatic: { file: 'platformatic.twin.ts', must: 'hold' },
      pollLoop: { file: 'poll-loop.twin.ts', must: 'hold' },
    },
  ],
} as const
