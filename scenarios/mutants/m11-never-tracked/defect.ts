/** The result that a search of these services must have: a `Defect` of `harness/canaries`. */
export default {
  id: 'M11',
  defect: 'a poison record whose offset is never tracked, so that the commit never advances',
  breaks: 'P',
  guarantee: 'at-least-once',
  properties: ['stuck-partition'],
  yardstick: { kinds: ['malformed-record'], faults: 1, records: 1, processes: 1, partitions: 1 },
  services: [
    {
      service: 'never tracks a record that it gives up',
      kafkajs: { file: 'kafkajs.ts', must: 'fail' },
      platformatic: { file: 'platformatic.ts', must: 'fail' },
      pollLoop: { file: 'poll-loop.ts', must: 'fail' },
    },
    {
      service: 'tracks a record that it gives up',
      twin: true,
      kafkajs: { file: 'kafkajs.twin.ts', must: 'hold' },
      platformatic: { file: 'platformatic.twin.ts', must: 'hold' },
      pollLoop: { file: 'poll-loop.twin.ts', must: 'hold' },
    },
  ],
} as const
