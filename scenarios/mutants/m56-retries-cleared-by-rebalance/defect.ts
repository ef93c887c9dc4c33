/** The result that a search of these services must have: a `Defect` of `harness/canaries`. */
export default {
  id: 'M56',
  defect: 'a list of retries that is cleared when some partitions go',
  breaks: 'L',
  guarantee: 'at-least-once',
  properties: ['lost-record', 'commit-ahead', 'stuck-partition'],
  why: 'the next commit passes the record whose retry was dropped; where none comes, the group never gets past it',
  yardstick: {
    kinds: ['effect-error', 'effect-ack-lost', 'join', 'crash', 'graceful-restart', 'leave'],
    faults: 2,
    records: 2,
    processes: 2,
    partitions: 2,
  },
  services: [
    {
      service: 'drops all of its retries when some partitions go',
      kafkajs: 'not needed: the client has no such assignor',
      platformatic: 'not written yet',
      pollLoop: { file: 'poll-loop.ts', must: 'fail' },
    },
    {
      service: 'drops the retries of the partitions that go',
      twin: true,
      kafkajs: 'not needed: the client has no such assignor',
      platformatic: 'not written yet',
      pollLoop: { file: 'poll-loop.twin.ts', must: 'hold' },
    },
  ],
} as const
