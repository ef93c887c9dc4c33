/** The result that a search of these services must have: a `Defect` of `harness/canaries`. */
export default {
  id: 'M18',
  defect: 'a check and an insert without a unique key',
  breaks: 'D',
  guarantee: 'exactly-once',
  properties: ['duplicate-effect', 'zombie-effect'],
  why: 'the former owner enters the record after the new one',
  yardstick: {
    kinds: ['pause', 'link-cut', 'join'],
    faults: 1,
    records: 1,
    processes: 2,
    partitions: 1,
  },
  services: [
    {
      service: 'looks for the record, then enters it',
      kafkajs: { file: 'kafkajs.ts', must: 'fail' },
      platformatic: { file: 'platformatic.ts', must: 'fail' },
      pollLoop: { file: 'poll-loop.ts', must: 'fail' },
    },
    {
      service: 'enters the record unless it is there',
      twin: true,
      kafkajs: { file: 'kafkajs.twin.ts', must: 'hold' },
      platformatic: { file: 'platformatic.twin.ts', must: 'hold' },
      pollLoop: { file: 'poll-loop.twin.ts', must: 'hold' },
    },
  ],
} as const
