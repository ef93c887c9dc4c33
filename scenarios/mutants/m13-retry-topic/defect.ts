/** The result that a search of these services must have: a `Defect` of `harness/canaries`. */
export default {
  id: 'M13',
  defect: 'a retry topic that breaks the order of a key',
  breaks: 'O',
  guarantee: 'at-least-once',
  properties: ['out-of-order'],
  yardstick: { kinds: ['effect-error'], faults: 1, records: 2, processes: 1, partitions: 2 },
  services: [
    {
      service: 'sends what failed to a retry topic',
      kafkajs: { file: 'kafkajs.ts', must: 'fail' },
      platformatic: { file: 'platformatic.ts', must: 'fail' },
      pollLoop: { file: 'poll-loop.ts', must: 'fail' },
    },
    {
      service: 'tries again what failed, in its place',
      twin: true,
      kafkajs: { file: 'kafkajs.twin.ts', must: 'hold' },
      platformatic: { file: 'platformatic.twin.ts', must: 'hold' },
      pollLoop: { file: 'poll-loop.twin.ts', must: 'hold' },
    },
  ],
} as const
