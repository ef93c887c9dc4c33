/** The result that a search of these services must have: a `Defect` of `harness/canaries`. */
export default {
  id: 'M07',
  defect: 'floating promise in eachMessage',
  breaks: 'L',
  guarantee: 'at-least-once',
  properties: ['lost-record', 'commit-ahead'],
  why: 'an effect that was sent happens although its process dies; it takes a second record for a commit that overtakes one',
  yardstick: { kinds: ['crash', 'effect-error'], faults: 1, records: 2, processes: 1, partitions: 1 },
  services: [
    {
      service: 'floating promise',
      kafkajs: { file: 'kafkajs.ts', must: 'fail' },
      platformatic: { file: 'platformatic.ts', must: 'fail' },
    },
    {
      service: 'awaits its work',
      twin: true,
      kafkajs: { file: 'kafkajs.twin.ts', must: 'hold' },
      platformatic: { file: 'platformatic.twin.ts', must: 'hold' },
    },
  ],
} as const
