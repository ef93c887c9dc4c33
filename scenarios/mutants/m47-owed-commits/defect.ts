/** The result that a search of these services must have: a `Defect` of `harness/canaries`. */
export default {
  id: 'M47',
  defect: 'a refused commit is sent when its partition has moved',
  breaks: 'Z',
  guarantee: 'at-least-once',
  properties: ['commit-regression'],
  yardstick: {
    kinds: ['request-error', 'join', 'leave', 'pause'],
    faults: 2,
    records: 4,
    processes: 2,
    partitions: 2,
  },
  services: [
    {
      service: 'sends a refused commit with the next one',
      kafkajs: { file: 'kafkajs.ts', must: 'fail' },
      platformatic: 'not written yet',
    },
    {
      service: 'forgets a refused commit in a rebalance',
      twin: true,
      kafkajs: { file: 'kafkajs.twin.ts', must: 'hold' },
      platformatic: 'not written yet',
    },
  ],
} as const
