/** The result that a search of these services must have: a `Defect` of `harness/canaries`. */
export default {
  id: 'M28',
  defect: 'fromBeginning: false, which loses the first records of a new group or partition',
  breaks: 'L',
  guarantee: 'at-least-once',
  properties: ['lost-record', 'stuck-partition'],
  why: 'where nothing was committed before a crash the record is passed over without a commit: the group never gets past it',
  yardstick: {
    kinds: ['crash', 'partitions-added', 'graceful-restart', 'topic-recreated'],
    faults: 1,
    records: 1,
    processes: 1,
    partitions: 1,
  },
  services: [
    {
      service: 'begins at the end',
      kafkajs: { file: 'kafkajs.ts', must: 'fail' },
      platformatic: { file: 'platformatic.ts', must: 'fail' },
      pollLoop: { file: 'poll-loop.ts', must: 'fail' },
    },
    {
      service: 'begins at the first record',
      twin: true,
      kafkajs: { file: 'kafkajs.twin.ts', must: 'hold' },
      platformatic: { file: 'platformatic.twin.ts', must: 'hold' },
      pollLoop: { file: 'poll-loop.twin.ts', must: 'hold' },
    },
  ],
} as const
