/** The result that a search of these services must have: a `Defect` of `harness/canaries`. */
export default {
  id: 'M32',
  defect: 'a limit of parallel work within a batch that breaks the order of a key',
  breaks: 'O',
  guarantee: 'at-least-once',
  properties: ['out-of-order'],
  yardstick: { kinds: ['effect-error', 'slow-handler'], faults: 1, records: 2, processes: 1, partitions: 1 },
  services: [
    {
      service: 'two records at a time',
      kafkajs: { file: 'kafkajs.ts', must: 'fail' },
      platformatic: 'the client has no batches',
      pollLoop: { file: 'poll-loop.ts', must: 'fail' },
    },
    {
      service: 'two keys at a time',
      twin: true,
      kafkajs: { file: 'kafkajs.twin.ts', must: 'hold' },
      platformatic: 'the client has no batches',
      pollLoop: { file: 'poll-loop.twin.ts', must: 'hold' },
    },
  ],
} as const
