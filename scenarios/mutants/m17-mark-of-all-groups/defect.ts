/** The result that a search of these services must have: a `Defect` of `harness/canaries`. */
export default {
  id: 'M17',
  defect: 'a mark that is not scoped to its group',
  breaks: 'L',
  guarantee: 'exactly-once',
  properties: ['lost-record', 'commit-ahead'],
  why: 'the group that leaves the record out commits it all the same',
  yardstick: { kinds: [], faults: 0, records: 1, processes: 2, partitions: 1 },
  services: [
    {
      service: 'two groups, marks of both',
      kafkajs: { file: 'kafkajs.ts', must: 'fail' },
      platformatic: { file: 'platformatic.ts', must: 'fail' },
      pollLoop: { file: 'poll-loop.ts', must: 'fail' },
    },
    {
      service: 'two groups, marks of each',
      twin: true,
      kafkajs: { file: 'kafkajs.twin.ts', must: 'hold' },
      platformatic: { file: 'platformatic.twin.ts', must: 'hold' },
      pollLoop: { file: 'poll-loop.twin.ts', must: 'hold' },
    },
  ],
} as const
