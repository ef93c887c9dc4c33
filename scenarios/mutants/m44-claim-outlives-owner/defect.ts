/** The result that a search of these services must have: a `Defect` of `harness/canaries`. */
export default {
  id: 'M44',
  defect: 'a claim outlives the process that made it',
  breaks: 'L',
  guarantee: 'exactly-once',
  properties: ['lost-record', 'commit-ahead'],
  why: 'the process that leaves the record to the claim commits it',
  yardstick: {
    kinds: ['effect-error', 'crash', 'graceful-restart', 'leave'],
    faults: 2,
    records: 1,
    processes: 2,
    partitions: 1,
  },
  services: [
    {
      service: 'leaves a record to the process that claimed it',
      kafkajs: { file: 'kafkajs.ts', must: 'fail' },
      platformatic: 'not written yet',
    },
    {
      service: 'takes a claim over with the partition',
      twin: true,
      kafkajs: { file: 'kafkajs.twin.ts', must: 'hold' },
      platformatic: 'not written yet',
    },
  ],
} as const
