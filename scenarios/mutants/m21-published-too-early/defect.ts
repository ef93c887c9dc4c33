/** The result that a search of these services must have: a `Defect` of `harness/canaries`. */
export default {
  id: 'M21',
  defect: 'an outbox relay that marks a row as published before it knows that it was',
  breaks: 'L',
  guarantee: 'at-least-once',
  properties: ['lost-record'],
  yardstick: {
    kinds: ['crash', 'effect-error', 'request-error'],
    faults: 1,
    records: 1,
    processes: 3,
    partitions: 2,
  },
  services: [
    {
      service: 'marks a row, then publishes it',
      kafkajs: { file: 'kafkajs.ts', must: 'fail' },
      platformatic: { file: 'platformatic.ts', must: 'fail' },
      pollLoop: { file: 'poll-loop.ts', must: 'fail' },
    },
    {
      service: 'publishes a row, then marks it',
      twin: true,
      kafkajs: { file: 'kafkajs.twin.ts', must: 'hold' },
      platformatic: { file: 'platformatic.twin.ts', must: 'hold' },
      pollLoop: { file: 'poll-loop.twin.ts', must: 'hold' },
    },
  ],
} as const
