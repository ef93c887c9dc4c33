/** The result that a search of these services must have: a `Defect` of `harness/canaries`. */
export default {
  id: 'M06',
  defect: 'error swallowed in eachMessage',
  breaks: 'L',
  guarantee: 'at-least-once',
  properties: ['lost-record', 'commit-ahead'],
  yardstick: { kinds: ['effect-error'], faults: 1, records: 1, processes: 1, partitions: 1 },
  services: [
    {
      service: 'swallows errors',
      kafkajs: { file: 'kafkajs.ts', must: 'fail' },
      platformatic: { file: 'platformatic.ts', must: 'fail' },
    },
    {
      service: 'lets errors through',
      twin: true,
      kafkajs: { file: 'kafkajs.twin.ts', must: 'hold' },
      platformatic: { file: 'platformatic.twin.ts', must: 'hold' },
    },
  ],
} as const
