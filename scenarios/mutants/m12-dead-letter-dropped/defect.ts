/** The result that a search of these services must have: a `Defect` of `harness/canaries`. */
export default {
  id: 'M12',
  defect: 'a dead letter whose send fails in silence, and then the offset is committed',
  breaks: 'L',
  guarantee: 'at-least-once',
  properties: ['lost-record', 'commit-ahead', 'stuck-partition'],
  why: 'the commit that loses the record is ahead of what is done; where it fails, too, the group never gets past the record',
  yardstick: {
    kinds: ['request-error', 'request-lost', 'disconnect-before'],
    faults: 1,
    records: 1,
    processes: 1,
    partitions: 2,
  },
  services: [
    {
      service: 'logs that its dead letter was not sent',
      kafkajs: { file: 'kafkajs.ts', must: 'fail' },
      platformatic: { file: 'platformatic.ts', must: 'fail' },
      pollLoop: { file: 'poll-loop.ts', must: 'fail' },
    },
    {
      service: 'fails where its dead letter was not sent',
      twin: true,
      kafkajs: { file: 'kafkajs.twin.ts', must: 'hold' },
      platformatic: { file: 'platformatic.twin.ts', must: 'hold' },
      pollLoop: { file: 'poll-loop.twin.ts', must: 'hold' },
    },
  ],
} as const
