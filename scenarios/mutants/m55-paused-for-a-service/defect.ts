/** The result that a search of these services must have: a `Defect` of `harness/canaries`. */
export default {
  id: 'M55',
  defect: 'a pause after a refusal of a service outlives a rebalance',
  breaks: 'P',
  guarantee: 'at-least-once',
  properties: ['stuck-partition'],
  yardstick: {
    kinds: [
      'service-error',
      'service-answer-lost',
      'service-disconnect',
      'service-down',
      'join',
      'crash',
      'leave',
      'pause',
      'graceful-restart',
      'coordinator-moved',
      'link-cut',
    ],
    faults: 2,
    records: 2,
    processes: 2,
    partitions: 1,
  },
  services: [
    {
      service: 'forgets what it paused for a service when the group rebalances',
      kafkajs: { file: 'kafkajs.ts', must: 'fail' },
      platformatic: 'not written yet',
    },
    {
      service: 'resumes what it paused for a service when the group rebalances',
      twin: true,
      kafkajs: { file: 'kafkajs.twin.ts', must: 'hold' },
      platformatic: 'not written yet',
    },
  ],
} as const
