/** The result that a search of these services must have: a `Defect` of `harness/canaries`. */
export default {
  id: 'M08',
  defect: 'long handler, no heartbeat',
  breaks: 'D, P',
  guarantee: 'at-least-once',
  properties: ['duplicate-effect', 'stuck-partition', 'rebalance-storm'],
  yardstick: { kinds: [], faults: 0, records: 1, processes: 1, partitions: 1 },
  services: [
    {
      service: 'works longer than its session lasts, and sends no heartbeat',
      kafkajs: { file: 'kafkajs.ts', must: 'fail' },
      platformatic: { file: 'platformatic.ts', must: 'hold' },
    },
    {
      service: 'sends heartbeats while it works',
      twin: true,
      kafkajs: { file: 'kafkajs.twin.ts', must: 'hold' },
      platformatic: 'the client sends them by itself',
    },
  ],
} as const
