/** The result that a search of these services must have: a `Defect` of `harness/canaries`. */
export default {
  id: 'M51',
  defect: 'a mark that an outage of its only process outlasts',
  breaks: 'D',
  guarantee: 'exactly-once',
  properties: ['duplicate-effect'],
  yardstick: {
    kinds: ['crash', 'pause', 'link-cut', 'broker-down'],
    faults: 1,
    records: 1,
    processes: 1,
    partitions: 1,
  },
  services: [
    {
      service: 'marks that last ten minutes, and one process',
      kafkajs: { file: 'kafkajs.ts', must: 'fail' },
      platformatic: 'the marks are the service’s, whatever the client',
    },
    {
      service: 'marks that last as long as the records',
      twin: true,
      kafkajs: { file: 'kafkajs.twin.ts', must: 'hold' },
      platformatic: 'the marks are the service’s, whatever the client',
    },
  ],
} as const
