/** The broker of the group's offsets goes, and a consumer needs them. */
const AWAY = [
  { kind: 'broker-down', target: 'broker-1', at: { atMs: 10_000 }, durationMs: 120_000 },
  { kind: 'crash', target: 'consumer-0', at: { atMs: 12_000 }, restartMs: 1_000 },
] as const

export default {
  id: 'C69',
  claim: 'What committed offsets survive is set by offsets.topic.replication.factor.',
  verdict: 'holds',
  because:
    'with 1 a group stands still until their broker is back, with 3 another broker has them; offsets.commit.required.acks is gone in Kafka 4',
  evidence: [
    {
      says: 'for',
      client: 'poll loop',
      what: 'one replica: its broker is away for two minutes, and a consumer that is started again waits for it',
      file: 'one.scenario.ts',
      by: 'figures',
      faults: AWAY,
      figures: { 'ms at work': 169_208, duplicates: 0, lost: 0 },
    },
    {
      says: 'for',
      client: 'poll loop',
      what: 'three replicas: another broker has the offsets, and only the crashed member’s session is waited for',
      file: 'three.scenario.ts',
      by: 'figures',
      faults: AWAY,
      figures: { 'ms at work': 49_216, duplicates: 0, lost: 0 },
    },
  ],
} as const
