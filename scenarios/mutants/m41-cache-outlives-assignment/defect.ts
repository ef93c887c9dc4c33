/** The result that a search of these services must have: a `Defect` of `harness/canaries`. */
export default {
  id: 'M41',
  defect: 'a cache outlives the assignment',
  breaks: 'D',
  guarantee: 'exactly-once',
  properties: ['duplicate-effect'],
  yardstick: {
    kinds: ['pause', 'crash', 'leave', 'join'],
    faults: 2,
    records: 2,
    processes: 2,
    partitions: 1,
  },
  services: [
    {
      service: 'keeps what it has booked in memory',
      kafkajs: { file: 'kafkajs.ts', must: 'fail' },
      platformatic: 'not written yet',
    },
    {
      service: 'reads what has been booked each time',
      twin: true,
      kafkajs: { file: 'kafkajs.twin.ts', must: 'hold' },
      platformatic: 'not written yet',
    },
  ],
} as const
