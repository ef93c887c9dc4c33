/** The result that a search of these services must have: a `Defect` of `harness/canaries`. */
export default {
  id: 'M27',
  defect: 'poison record retried for ever',
  breaks: 'P',
  guarantee: 'at-least-once',
  properties: ['stuck-partition'],
  yardstick: {
    kinds: ['malformed-record', 'effect-error'],
    faults: 1,
    records: 1,
    processes: 1,
    partitions: 1,
  },
  services: [
    {
      service: 'retries a poison record for ever',
      kafkajs: { file: 'kafkajs.ts', must: 'fail' },
      platformatic: { file: 'platformatic.ts', must: 'fail' },
    },
    {
      service: 'sends a poison record to a dead-letter topic',
      twin: true,
      kafkajs: { file: 'kafkajs.twin.ts', must: 'hold' },
      platformatic: { file: 'platformatic.twin.ts', must: 'hold' },
    },
  ],
} as const
