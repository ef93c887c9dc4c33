/** The result that a search of these services must have: a `Defect` of `harness/canaries`. */
export default {
  id: 'M22',
  defect: 'SIGTERM exits before the handler ended',
  breaks: 'D, L',
  guarantee: 'exactly-once',
  properties: ['duplicate-effect'],
  yardstick: { kinds: ['graceful-restart', 'leave'], faults: 1, records: 1, processes: 1, partitions: 1 },
  services: [
    {
      service: 'exits on SIGTERM at once',
      kafkajs: { file: 'kafkajs.ts', must: 'fail' },
      platformatic: { file: 'platformatic.ts', must: 'fail' },
    },
    {
      service: 'ends its work on SIGTERM',
      twin: true,
      kafkajs: { file: 'kafkajs.twin.ts', must: 'hold' },
      platformatic: { file: 'platformatic.twin.ts', must: 'hold' },
    },
  ],
} as const
