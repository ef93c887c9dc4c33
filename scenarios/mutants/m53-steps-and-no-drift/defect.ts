/** The result that a search of these services must have: a `Defect` of `harness/canaries`. */
export default {
  id: 'M53',
  defect: 'a clock is watched for steps and not for drift',
  breaks: 'L',
  guarantee: 'at-least-once',
  properties: ['commit-ahead'],
  yardstick: {
    kinds: ['clock-drift'],
    faults: 1,
    records: 2,
    processes: 1,
    partitions: 1,
  },
  services: [
    {
      service: 'corrects its clock where it jumps by a second',
      kafkajs: { file: 'kafkajs.ts', must: 'fail' },
      platformatic: 'the age is the service’s, whatever the client',
    },
    {
      service: 'corrects its clock by whatever it is off',
      twin: true,
      kafkajs: { file: 'kafkajs.twin.ts', must: 'hold' },
      platformatic: 'the age is the service’s, whatever the client',
    },
  ],
} as const
