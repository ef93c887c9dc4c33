/** The result that a search of these services must have: a `Defect` of `harness/canaries`. */
export default {
  id: 'M03',
  defect: 'commits before it processes',
  breaks: 'L',
  guarantee: 'at-least-once',
  properties: ['lost-record', 'commit-ahead'],
  yardstick: {
    kinds: ['crash', 'graceful-restart', 'leave', 'join', 'pause', 'broker-down'],
    faults: 1,
    records: 1,
    processes: 1,
    partitions: 1,
  },
  services: [
    {
      service: 'commits before it processes',
      kafkajs: { file: 'kafkajs.ts', must: 'fail' },
      platformatic: { file: 'platformatic.ts', must: 'fail' },
    },
    {
      service: 'processes, then commits',
      twin: true,
      kafkajs: { file: 'kafkajs.twin.ts', must: 'hold' },
      platformatic: { file: 'platformatic.twin.ts', must: 'hold' },
    },
    {
      service: 'commits before it processes, in a group of KIP-848',
      kafkajs: 'the client has no such protocol',
      platformatic: { file: 'platformatic-kip-848.ts', must: 'fail' },
    },
    {
      service: 'processes, then commits, in a group of KIP-848',
      twin: true,
      kafkajs: 'the client has no such protocol',
      platformatic: { file: 'platformatic-kip-848.twin.ts', must: 'hold' },
    },
    {
      service: 'commits before it processes, in a pipeline',
      kafkajs: 'the client has handlers, and no stream',
      platformatic: { file: 'platformatic-pipeline.ts', must: 'fail' },
    },
    {
      service: 'processes, then commits, in a pipeline',
      twin: true,
      kafkajs: 'the client has handlers, and no stream',
      platformatic: { file: 'platformatic-pipeline.twin.ts', must: 'hold' },
    },
    {
      service: 'processes, then commits, with `cooperative-sticky`',
      twin: true,
      kafkajs: 'the client has no such assignor',
      platformatic: { file: 'platformatic-cooperative.twin.ts', must: 'hold' },
    },
    {
      service: 'processes, then commits, while the assignor changes',
      twin: true,
      kafkajs: 'the client has no such assignor',
      platformatic: { file: 'platformatic-assignors.twin.ts', must: 'hold' },
    },
  ],
} as const
