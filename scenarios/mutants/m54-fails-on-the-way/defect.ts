/** The result that a search of these services must have: a `Defect` of `harness/canaries`. */
export default {
  id: 'M54',
  defect: 'what fails is put aside, and where that fails it is logged',
  breaks: 'L',
  guarantee: 'at-least-once',
  properties: ['lost-record', 'commit-ahead', 'dead-letter-lost'],
  yardstick: {
    kinds: [
      'effect-error',
      'effect-ack-lost',
      'request-error',
      'request-lost',
      'answer-lost',
      'disconnect-before',
      'disconnect-after',
      'link-cut',
      'link-reset',
      'link-refuse',
      'broker-down',
      'pause',
    ],
    faults: 2,
    records: 1,
    processes: 1,
    partitions: 2,
  },
  services: [
    {
      service: 'logs that a record it could not book was not put aside',
      kafkajs: { file: 'kafkajs.ts', must: 'fail' },
      platformatic: 'not written yet',
    },
    {
      service: 'fails where a record it could not book was not put aside',
      twin: true,
      kafkajs: { file: 'kafkajs.twin.ts', must: 'hold' },
      platformatic: 'not written yet',
    },
  ],
} as const
