/** The result that a search of these services must have: a `Defect` of `harness/canaries`. */
export default {
  id: 'M09',
  defect: 'interval heartbeat hides a stuck handler',
  breaks: 'P',
  guarantee: 'at-least-once',
  properties: ['stuck-partition', 'shutdown-hang'],
  why: 'the call that hangs has done its work: what waits for ever is the next record, and whoever asks the process to end',
  yardstick: { kinds: ['effect-ack-lost'], faults: 1, records: 2, processes: 1, partitions: 1 },
  services: [
    {
      service: 'heartbeats hide a call that hangs',
      kafkajs: { file: 'kafkajs.ts', must: 'fail' },
      platformatic: { file: 'platformatic.ts', must: 'fail' },
    },
    {
      service: 'gives a call that hangs up',
      twin: true,
      kafkajs: { file: 'kafkajs.twin.ts', must: 'hold' },
      platformatic: { file: 'platformatic.twin.ts', must: 'hold' },
    },
  ],
} as const
