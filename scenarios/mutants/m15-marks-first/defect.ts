/** The result that a search of these services must have: a `Defect` of `harness/canaries`. */
export default {
  id: 'M15',
  defect: 'a mark that is set before the work is done (SET NX)',
  breaks: 'L',
  guarantee: 'at-least-once',
  properties: ['lost-record', 'commit-ahead'],
  why: 'the record that comes again is left out, and its offset committed',
  yardstick: {
    kinds: ['crash', 'effect-error', 'handler-error'],
    faults: 1,
    records: 1,
    processes: 1,
    partitions: 1,
  },
  services: [
    {
      service: 'marks, then does',
      kafkajs: { file: 'kafkajs.ts', must: 'fail' },
      platformatic: { file: 'platformatic.ts', must: 'fail' },
      pollLoop: { file: 'poll-loop.ts', must: 'fail' },
    },
    {
      service: 'marks in the transaction of the effect',
      twin: true,
      kafkajs: { file: 'kafkajs.twin.ts', must: 'hold' },
      platformatic: { file: 'platformatic.twin.ts', must: 'hold' },
      pollLoop: { file: 'poll-loop.twin.ts', must: 'hold' },
    },
  ],
} as const
