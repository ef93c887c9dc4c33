/** The result that a search of these services must have: a `Defect` of `harness/canaries`. */
export default {
  id: 'M25',
  defect: 'transaction: output sent outside it',
  breaks: 'D, L, P',
  guarantee: 'exactly-once',
  properties: ['duplicate-effect', 'torn-transaction'],
  why: 'sendOffsets is not repeated by kafkajs where the last transaction is still ending: a second record is enough, without any fault',
  yardstick: { kinds: [], faults: 0, records: 2, processes: 1, partitions: 1 },
  services: [
    {
      service: 'transaction: output outside it',
      kafkajs: { file: 'kafkajs.ts', must: 'fail' },
      platformatic: { file: 'platformatic.ts', must: 'fail' },
    },
    {
      service: 'transaction: output and offset in it',
      twin: true,
      kafkajs: { file: 'kafkajs.twin.ts', must: 'hold' },
      platformatic: { file: 'platformatic.twin.ts', must: 'hold' },
    },
  ],
} as const
