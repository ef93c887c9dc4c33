/** The result that a search of these services must have: a `Defect` of `harness/canaries`. */
export default {
  id: 'M31',
  defect: 'a buffer that concurrent partitions share',
  breaks: 'L',
  guarantee: 'at-least-once',
  properties: ['lost-record', 'commit-ahead', 'stuck-partition'],
  why: 'the commit of a batch whose records still wait is ahead; the last ones wait for ever',
  yardstick: {
    kinds: ['effect-error', 'crash', 'handler-error', 'slow-handler'],
    faults: 1,
    records: 4,
    processes: 1,
    partitions: 2,
  },
  services: [
    {
      service: 'one buffer for two partitions',
      kafkajs: { file: 'kafkajs.ts', must: 'fail' },
      platformatic: 'the client has no such option',
      pollLoop: { file: 'poll-loop.ts', must: 'fail' },
    },
    {
      service: 'a buffer for each batch',
      twin: true,
      kafkajs: { file: 'kafkajs.twin.ts', must: 'hold' },
      platformatic: 'the client has no such option',
      pollLoop: { file: 'poll-loop.twin.ts', must: 'hold' },
    },
  ],
} as const
