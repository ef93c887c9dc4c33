/** The result that a search of these services must have: a `Defect` of `harness/canaries`. */
export default {
  id: 'M52',
  defect: 'what is carried over a rebalance is committed past',
  breaks: 'L',
  guarantee: 'at-least-once',
  properties: ['lost-record'],
  yardstick: {
    kinds: ['effect-error', 'join', 'crash'],
    faults: 3,
    records: 2,
    processes: 2,
    partitions: 2,
  },
  services: [
    {
      service: 'forgets in its commits what it carries over a rebalance',
      kafkajs: { file: 'kafkajs.ts', must: 'fail' },
      platformatic: 'not written yet',
    },
    {
      service: 'commits up to what waits, carried or not',
      twin: true,
      kafkajs: { file: 'kafkajs.twin.ts', must: 'hold' },
      platformatic: 'not written yet',
    },
  ],
} as const
