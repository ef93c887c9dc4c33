/** The result that a search of these services must have: a `Defect` of `harness/canaries`. */
export default {
  id: 'M46',
  defect: 'SIGTERM ends the retries, and the record with them',
  breaks: 'L',
  guarantee: 'at-least-once',
  properties: ['lost-record', 'commit-ahead'],
  yardstick: {
    kinds: ['effect-error', 'graceful-restart', 'leave'],
    faults: 2,
    records: 1,
    processes: 1,
    partitions: 1,
  },
  services: [
    {
      service: 'ends its retries on SIGTERM as if it were done',
      kafkajs: { file: 'kafkajs.ts', must: 'fail' },
      platformatic: 'not written yet',
    },
    {
      service: 'fails on SIGTERM what it could not do',
      twin: true,
      kafkajs: { file: 'kafkajs.twin.ts', must: 'hold' },
      platformatic: 'not written yet',
    },
  ],
} as const
