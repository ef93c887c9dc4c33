/** The result that a search of these services must have: a `Defect` of `harness/canaries`. */
export default {
  id: 'orders',
  defect: 'does not await its database',
  breaks: 'L',
  guarantee: 'at-least-once',
  properties: ['lost-record', 'commit-ahead'],
  yardstick: {
    kinds: ['crash', 'graceful-restart', 'leave', 'join', 'pause', 'broker-down', 'effect-error'],
    faults: 1,
    records: 1,
    processes: 1,
    partitions: 2,
  },
  services: [
    {
      service: 'does not await its database; commits of the client',
      kafkajs: { file: 'orders.scenario.ts', must: 'fail' },
      platformatic: { file: 'platformatic.ts', must: 'fail' },
    },
    {
      service: 'awaits its database; commits of the client',
      kafkajs: { file: 'orders-fixed.scenario.ts', must: 'hold' },
      platformatic: { file: 'platformatic-awaits.ts', must: 'fail' },
    },
    {
      service: 'awaits its database, then commits by itself',
      kafkajs: 'not needed',
      platformatic: { file: 'platformatic-fixed.ts', must: 'hold' },
    },
  ],
} as const
