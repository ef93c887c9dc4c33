/** The result that a search of these services must have: a `Defect` of `harness/canaries`. */
export default {
  id: 'M20',
  defect: 'an inbox keyed by topic, partition and offset behind a producer that duplicates',
  breaks: 'D',
  guarantee: 'exactly-once',
  properties: ['duplicate-effect'],
  yardstick: {
    kinds: ['answer-lost', 'crash', 'disconnect-before'],
    faults: 1,
    records: 1,
    processes: 3,
    partitions: 2,
  },
  services: [
    {
      service: 'inbox by offset',
      kafkajs: { file: 'kafkajs.ts', must: 'fail' },
      platformatic: { file: 'platformatic.ts', must: 'fail' },
      pollLoop: { file: 'poll-loop.ts', must: 'fail' },
    },
    {
      service: 'inbox by the message’s own id',
      twin: true,
      kafkajs: { file: 'kafkajs.twin.ts', must: 'hold' },
      platformatic: { file: 'platformatic.twin.ts', must: 'hold' },
      pollLoop: { file: 'poll-loop.twin.ts', must: 'hold' },
    },
  ],
} as const
