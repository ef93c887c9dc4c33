/** The result that a search of these services must have: a `Defect` of `harness/canaries`. */
export default {
  id: 'M02',
  defect: "adds 1 to a string: '1' + 1 = '11'",
  breaks: 'L',
  guarantee: 'at-least-once',
  properties: ['lost-record', 'commit-ahead'],
  why: 'the first wrong offset is 11, and Kafka resumes there only if the log reaches it: beyond its end, the reset policy reads all again',
  yardstick: {
    kinds: ['crash', 'graceful-restart', 'leave', 'join', 'pause', 'broker-down'],
    faults: 1,
    records: 11,
    processes: 1,
    partitions: 1,
  },
  services: [
    {
      service: "adds 1 to a string: '1' + 1 = '11'",
      kafkajs: { file: 'kafkajs.ts', must: 'fail' },
      platformatic: 'offsets are bigint: `offset + 1` is a TypeError',
    },
    {
      service: 'adds 1 to a number',
      twin: true,
      kafkajs: { file: 'kafkajs.twin.ts', must: 'hold' },
      platformatic: 'offsets are bigint: nothing to parse',
    },
  ],
} as const
