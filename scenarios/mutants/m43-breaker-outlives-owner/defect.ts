/** The result that a search of these services must have: a `Defect` of `harness/canaries`. */
export default {
  id: 'M43',
  defect: 'an open breaker outlives the process that opened it',
  breaks: 'P',
  guarantee: 'exactly-once',
  properties: ['stuck-partition'],
  yardstick: {
    kinds: ['effect-error', 'crash', 'graceful-restart', 'leave'],
    faults: 2,
    records: 1,
    processes: 1,
    partitions: 1,
  },
  services: [
    {
      service: 'leaves its breaker to be closed by the process that opened it',
      kafkajs: { file: 'kafkajs.ts', must: 'fail' },
      platformatic: 'not written yet',
    },
    {
      service: 'opens its breaker until a point in time',
      twin: true,
      kafkajs: { file: 'kafkajs.twin.ts', must: 'hold' },
      platformatic: 'not written yet',
    },
  ],
} as const
