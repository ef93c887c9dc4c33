/** The result that a search of these services must have: a `Defect` of `harness/canaries`. */
export default {
  id: 'M30',
  defect: 'a seek on error that passes over what has failed',
  breaks: 'L',
  guarantee: 'at-least-once',
  properties: ['lost-record', 'commit-ahead'],
  why: 'the commit behind it is ahead of what is done',
  yardstick: { kinds: ['effect-error', 'handler-error'], faults: 1, records: 1, processes: 1, partitions: 1 },
  services: [
    {
      service: 'seeks past what failed',
      kafkajs: { file: 'kafkajs.ts', must: 'fail' },
      platformatic: 'a stream can’t seek',
      pollLoop: { file: 'poll-loop.ts', must: 'fail' },
    },
    {
      service: 'seeks back to what failed',
      twin: true,
      kafkajs: { file: 'kafkajs.twin.ts', must: 'hold' },
      platformatic: 'a stream can’t seek',
      pollLoop: { file: 'poll-loop.twin.ts', must: 'hold' },
    },
  ],
} as const
