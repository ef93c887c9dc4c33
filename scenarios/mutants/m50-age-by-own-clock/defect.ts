/** The result that a search of these services must have: a `Defect` of `harness/canaries`. */
export default {
  id: 'M50',
  defect: 'drops records whose age it tells by its own clock',
  breaks: 'L',
  guarantee: 'at-least-once',
  properties: ['lost-record'],
  yardstick: { kinds: ['clock-jump'], faults: 1, records: 1, processes: 1, partitions: 1 },
  services: [
    {
      service: 'drops what looks too old by its own clock',
      kafkajs: { file: 'kafkajs.ts', must: 'fail' },
      platformatic: 'the age is the service’s, whatever the client',
    },
    {
      service: 'sends what looks too old to a topic of its own',
      twin: true,
      kafkajs: { file: 'kafkajs.twin.ts', must: 'hold' },
      platformatic: 'the age is the service’s, whatever the client',
    },
  ],
} as const
