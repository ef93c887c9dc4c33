/** The result that a search of these services must have: a `Defect` of `harness/canaries`. */
export default {
  id: 'M24',
  defect: 'transaction: a transactional id for each process',
  breaks: 'Z, D',
  guarantee: 'exactly-once',
  properties: ['duplicate-effect'],
  yardstick: {
    kinds: ['pause', 'slow-handler', 'crash', 'link-cut'],
    faults: 1,
    records: 2,
    processes: 2,
    partitions: 1,
  },
  services: [
    {
      service: 'transaction: an id for each process',
      kafkajs: { file: 'kafkajs.ts', must: 'fail' },
      platformatic: { file: '../m25-output-outside/platformatic.twin.ts', must: 'hold' },
    },
    {
      service: 'transaction: an id for each partition',
      twin: true,
      kafkajs: { file: 'kafkajs.twin.ts', must: 'hold' },
      platformatic: 'not needed: the group fences',
    },
  ],
} as const
