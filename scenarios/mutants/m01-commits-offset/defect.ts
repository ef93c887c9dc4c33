/** The result that a search of these services must have: a `Defect` of `harness/canaries`. */
export default {
  id: 'M01',
  defect: 'commits offset instead of offset + 1',
  breaks: 'D',
  guarantee: 'at-most-once',
  // An effect that was refused is not done, and the group is never given it again.
  properties: ['duplicate-effect', 'stuck-partition'],
  yardstick: {
    kinds: ['crash', 'graceful-restart', 'leave', 'join', 'pause', 'broker-down'],
    faults: 1,
    records: 1,
    processes: 1,
    partitions: 1,
  },
  services: [
    {
      service: 'commits offset instead of offset + 1, then processes',
      kafkajs: { file: 'kafkajs.ts', must: 'fail' },
      platformatic: { file: 'platformatic.ts', must: 'fail' },
    },
    {
      service: 'commits the next offset, then processes',
      twin: true,
      kafkajs: { file: 'kafkajs.twin.ts', must: 'hold' },
      platformatic: { file: 'platformatic.twin.ts', must: 'hold' },
    },
  ],
} as const
