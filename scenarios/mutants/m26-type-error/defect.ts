/** The result that a search of these services must have: a `Defect` of `harness/canaries`. */
export default {
  id: 'M26',
  defect: 'SyntaxError on a malformed record: the consumer is dead, the process lives',
  breaks: 'P',
  guarantee: 'at-least-once',
  properties: ['dead-consumer'],
  yardstick: { kinds: ['malformed-record'], faults: 1, records: 1, processes: 1, partitions: 1 },
  services: [
    {
      service: 'a malformed record ends the consumer, and not the process',
      kafkajs: { file: 'kafkajs.ts', must: 'fail' },
      platformatic: { file: 'platformatic.ts', must: 'fail' },
    },
    {
      service: 'skips a malformed record',
      twin: true,
      kafkajs: { file: 'kafkajs.twin.ts', must: 'hold' },
      platformatic: { file: 'platformatic.twin.ts', must: 'hold' },
    },
  ],
} as const
