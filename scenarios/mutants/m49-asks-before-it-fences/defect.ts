/** The result that a search of these services must have: a `Defect` of `harness/canaries`. */
export default {
  id: 'M49',
  defect: 'transaction: begun again by what was known before it was fenced',
  breaks: 'D, Z',
  guarantee: 'exactly-once',
  properties: ['duplicate-effect'],
  yardstick: {
    kinds: ['answer-lost', 'request-error', 'graceful-restart', 'pause'],
    faults: 2,
    records: 2,
    processes: 2,
    partitions: 2,
  },
  services: [
    {
      service: 'transaction: asks how far it is, then fences',
      kafkajs: { file: 'kafkajs.ts', must: 'fail' },
      platformatic: 'the client’s offsets carry a generation: the group fences',
    },
    {
      service: 'transaction: fences, then asks how far it is',
      twin: true,
      kafkajs: { file: 'kafkajs.twin.ts', must: 'hold' },
      platformatic: 'the client’s offsets carry a generation: the group fences',
    },
  ],
} as const
