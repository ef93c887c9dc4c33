/** The result that a search of these services must have: a `Defect` of `harness/canaries`. */
export default {
  id: 'M40',
  defect: 'a pause outlives the rebalance',
  breaks: 'P',
  guarantee: 'at-least-once',
  properties: ['stuck-partition'],
  yardstick: {
    kinds: ['effect-error', 'effect-ack-lost', 'join', 'leave', 'graceful-restart', 'crash'],
    faults: 2,
    records: 2,
    processes: 2,
    partitions: 2,
  },
  services: [
    {
      service: 'pauses after a failure, and forgets the pause in a rebalance',
      kafkajs: { file: 'kafkajs.ts', must: 'fail' },
      platformatic: 'not written yet',
    },
    {
      service: 'resumes what it had paused when the group rebalances',
      twin: true,
      kafkajs: { file: 'kafkajs.twin.ts', must: 'hold' },
      platformatic: 'not written yet',
    },
  ],
} as const
