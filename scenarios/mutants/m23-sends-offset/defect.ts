/** The result that a search of these services must have: a `Defect` of `harness/canaries`. */
export default {
  id: 'M23',
  defect: 'transaction: sendOffsets without + 1',
  breaks: 'D',
  guarantee: 'exactly-once',
  properties: ['duplicate-effect'],
  yardstick: {
    kinds: ['crash', 'graceful-restart', 'leave', 'join', 'pause', 'broker-down'],
    faults: 1,
    records: 1,
    processes: 1,
    partitions: 1,
  },
  services: [
    {
      service: 'transaction: offsets without + 1',
      kafkajs: { file: 'kafkajs.ts', must: 'fail' },
      platformatic: 'the client adds the 1 by itself',
    },
    {
      service: 'transaction: offsets with + 1',
      twin: true,
      kafkajs: { file: 'kafkajs.twin.ts', must: 'hold' },
      platformatic: 'the client adds the 1 by itself',
    },
  ],
} as const
