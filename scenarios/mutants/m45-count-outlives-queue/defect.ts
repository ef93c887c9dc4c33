/** The result that a search of these services must have: a `Defect` of `harness/canaries`. */
export default {
  id: 'M45',
  defect: 'a count outlives its queue',
  breaks: 'P',
  guarantee: 'at-least-once',
  properties: ['stuck-partition'],
  yardstick: {
    kinds: ['slow-handler', 'join', 'leave'],
    faults: 2,
    records: 4,
    processes: 2,
    partitions: 2,
  },
  services: [
    {
      service: 'counts what it has dropped as waiting',
      kafkajs: { file: 'kafkajs.ts', must: 'fail' },
      platformatic: 'not written yet',
    },
    {
      service: 'counts what is in its queue',
      twin: true,
      kafkajs: { file: 'kafkajs.twin.ts', must: 'hold' },
      platformatic: 'not written yet',
    },
  ],
} as const
