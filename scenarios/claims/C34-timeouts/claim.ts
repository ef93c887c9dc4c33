export default {
  id: 'C34',
  claim:
    'Who sends no heartbeat for session.timeout.ms, or does not poll for max.poll.interval.ms, is expelled.',
  verdict: 'holds',
  because:
    'a slow handler is expelled by the second on Java, by the first on kafkajs, and by neither on @platformatic/kafka',
  evidence: [
    {
      says: 'for',
      client: 'poll loop',
      what: 'polls too late',
      file: '../C09-triggers/late-poll.scenario.ts',
      by: 'figures',
      faults: [],
      figures: { 'members that left': 1, 'expired sessions': 0 },
    },
    {
      says: 'for',
      client: 'poll loop',
      what: 'stands still for longer than its session',
      file: '../C05-commit-sync/sync.scenario.ts',
      by: 'figures',
      faults: [
        {
          kind: 'pause',
          target: 'consumer-0',
          at: { event: 'consumer-0 process start orders/0@9' },
          durationMs: 60000,
        },
      ],
      figures: { 'expired sessions': 1 },
    },
    {
      says: 'for',
      client: 'kafkajs',
      what: 'works longer than its session, without a heartbeat',
      file: '../../mutants/m08-no-heartbeat/kafkajs.ts',
      by: 'counterexample',
      property: 'duplicate-effect',
      replay: 'm08-kafkajs.json',
    },
    {
      says: 'for',
      client: 'kafkajs',
      what: 'sends heartbeats while it works',
      file: '../../mutants/m08-no-heartbeat/kafkajs.twin.ts',
      by: 'search',
    },
    {
      says: 'for',
      client: '@platformatic/kafka',
      what: 'works longer than its session: its client goes on sending heartbeats',
      file: '../../mutants/m08-no-heartbeat/platformatic.ts',
      by: 'search',
    },
  ],
} as const
