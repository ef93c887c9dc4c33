/** The result that a search of these services must have: a `Defect` of `harness/canaries`. */
export default {
  id: 'M04',
  defect: 'resolveOffset for each message inside Promise.all',
  breaks: 'L',
  guarantee: 'at-least-once',
  properties: ['lost-record', 'commit-ahead', 'stuck-partition'],
  why: 'what resolves after the failure moves the position in memory past the failed record, and the commit stays behind it: nobody reads it again before a restart',
  yardstick: {
    kinds: ['effect-error', 'effect-ack-lost', 'crash'],
    faults: 1,
    records: 2,
    processes: 1,
    partitions: 1,
  },
  services: [
    {
      service: 'commits each record inside Promise.all',
      kafkajs: { file: 'kafkajs.ts', must: 'fail' },
      platformatic: { file: 'platformatic.ts', must: 'fail' },
    },
    {
      service: 'commits once all of Promise.all is done',
      twin: true,
      kafkajs: { file: 'kafkajs.twin.ts', must: 'hold' },
      platformatic: { file: 'platformatic.twin.ts', must: 'hold' },
    },
    {
      service: 'commits each record, in a `data` listener',
      kafkajs: 'the client has handlers, and no stream',
      platformatic: { file: 'platformatic-listener.ts', must: 'fail' },
    },
    {
      service: 'queues its records, in a `data` listener',
      twin: true,
      kafkajs: 'the client has handlers, and no stream',
      platformatic: { file: 'platformatic-listener.twin.ts', must: 'hold' },
    },
  ],
} as const
