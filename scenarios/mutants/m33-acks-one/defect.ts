/** The result that a search of these services must have: a `Defect` of `harness/canaries`. */
export default {
  id: 'M33',
  defect: 'dead letters sent with acks: 1, so that only their leader has them',
  breaks: 'L',
  guarantee: 'at-least-once',
  properties: ['dead-letter-lost', 'lost-record', 'commit-ahead'],
  why: 'a letter that is gone is a record that nobody has processed, and the commit behind it was ahead',
  yardstick: {
    kinds: ['broker-down', 'broker-crash', 'leader-moved'],
    faults: 1,
    records: 1,
    processes: 1,
    partitions: 2,
  },
  services: [
    {
      service: 'sends dead letters with acks: 1',
      kafkajs: { file: 'kafkajs.ts', must: 'fail' },
      platformatic: { file: 'platformatic.ts', must: 'fail' },
    },
    {
      service: 'sends dead letters with acks: -1',
      twin: true,
      kafkajs: { file: 'kafkajs.twin.ts', must: 'hold' },
      platformatic: { file: 'platformatic.twin.ts', must: 'hold' },
    },
  ],
} as const
