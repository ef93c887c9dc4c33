/** The result that a search of these services must have: a `Defect` of `harness/canaries`. */
export default {
  id: 'M10',
  defect: 'commit from the old handler after revocation',
  breaks: 'Z',
  guarantee: 'at-least-once',
  properties: ['commit-unowned', 'commit-regression', 'position-jump', 'wrong-resume'],
  why: 'the unowned commit is lower than what the new owner has committed, and whoever resumes there is given records again',
  yardstick: { kinds: ['join', 'pause', 'crash'], faults: 1, records: 1, processes: 1, partitions: 2 },
  services: [
    {
      service: 'commits after its partition has moved',
      kafkajs: { file: 'kafkajs.ts', must: 'fail' },
      platformatic: 'every service on this client may do so',
    },
    {
      service: 'commits within its generation only',
      twin: true,
      kafkajs: { file: 'kafkajs.twin.ts', must: 'hold' },
      platformatic: 'no service on this client can',
    },
  ],
} as const
