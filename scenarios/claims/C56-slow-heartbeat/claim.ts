export default {
  id: 'C56',
  claim: 'Slow processing delays the heartbeat, so that the member is thought dead.',
  verdict: 'holds if',
  because:
    'the client sends heartbeats between records only, as kafkajs does; in Java and on @platformatic/kafka they go on in the background',
  evidence: [
    {
      says: 'for',
      client: 'kafkajs',
      what: 'works longer than its session',
      file: '../../mutants/m08-no-heartbeat/kafkajs.ts',
      by: 'counterexample',
      property: 'duplicate-effect',
      replay: 'm08-kafkajs.json',
    },
    {
      says: 'against',
      client: '@platformatic/kafka',
      what: 'works longer than its session',
      file: '../../mutants/m08-no-heartbeat/platformatic.ts',
      by: 'search',
    },
    {
      says: 'against',
      client: 'poll loop',
      what: 'works 60 s on a record with a session of 10 s',
      file: 'slow.scenario.ts',
      by: 'figures',
      faults: [],
      figures: { 'expired sessions': 0, 'members that left': 0, duplicates: 0 },
    },
  ],
} as const
