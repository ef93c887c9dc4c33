/** The result that a search of these services must have: a `Defect` of `harness/canaries`. */
export default {
  id: 'M48',
  defect: 'a breaker stays open after a rebalance',
  breaks: 'P',
  guarantee: 'at-least-once',
  properties: ['stuck-partition'],
  yardstick: {
    kinds: ['effect-error', 'join', 'leave', 'crash'],
    faults: 2,
    records: 1,
    processes: 1,
    partitions: 1,
  },
  services: [
    {
      service: 'clears the timer of its breaker in a rebalance',
      kafkajs: { file: 'kafkajs.ts', must: 'fail' },
      platformatic: 'not written yet',
    },
    {
      service: 'closes its breaker in a rebalance',
      twin: true,
      kafkajs: { file: 'kafkajs.twin.ts', must: 'hold' },
      platformatic: 'not written yet',
    },
  ],
} as const
