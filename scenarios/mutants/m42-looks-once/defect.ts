/** The result that a search of these services must have: a `Defect` of `harness/canaries`. */
export default {
  id: 'M42',
  defect: 'the second attempt does not look again',
  breaks: 'D',
  guarantee: 'exactly-once',
  properties: ['duplicate-effect'],
  yardstick: {
    kinds: ['effect-error', 'pause', 'link-cut'],
    faults: 2,
    records: 1,
    processes: 2,
    partitions: 1,
  },
  services: [
    {
      service: 'looks into its inbox in the first attempt only',
      kafkajs: { file: 'kafkajs.ts', must: 'fail' },
      platformatic: 'not written yet',
    },
    {
      service: 'looks into its inbox in each attempt',
      twin: true,
      kafkajs: { file: 'kafkajs.twin.ts', must: 'hold' },
      platformatic: 'not written yet',
    },
  ],
} as const
