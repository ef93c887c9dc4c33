/** The result that a search of these services must have: a `Defect` of `harness/canaries`. */
export default {
  id: 'M57',
  defect: 'a count of what is in flight outlives a rebalance',
  breaks: 'P',
  guarantee: 'at-least-once',
  properties: ['stuck-partition'],
  yardstick: {
    kinds: [
      ...(['slow-handler', 'effect-error', 'effect-ack-lost', 'pause', 'crash', 'join', 'leave'] as const),
      ...(['graceful-restart', 'link-cut', 'coordinator-moved', 'request-error', 'answer-lost'] as const),
    ],
    faults: 2,
    records: 3,
    processes: 2,
    partitions: 2,
  },
  services: [
    {
      service: 'forgets in a rebalance that nothing is in flight any more',
      kafkajs: { file: 'kafkajs.ts', must: 'fail' },
      platformatic: 'not written yet',
    },
    {
      service: 'begins to count again in a rebalance',
      twin: true,
      kafkajs: { file: 'kafkajs.twin.ts', must: 'hold' },
      platformatic: 'not written yet',
    },
  ],
} as const
