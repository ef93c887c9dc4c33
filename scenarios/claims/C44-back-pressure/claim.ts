export default {
  id: 'C44',
  claim:
    'A consumer that is slower than its producer falls behind, and is then expelled again and again; pause and resume cure it.',
  verdict: 'holds',
  because: 'while it works it does not poll or send heartbeats, unless it pauses and goes on polling',
  evidence: [
    {
      says: 'for',
      client: 'kafkajs',
      what: 'pauses while it works',
      file: '../../correct/back-pressure.ts',
      by: 'search',
    },
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
      says: 'for',
      client: 'kafkajs',
      what: 'the same, without any fault: it is expelled again and again',
      file: '../../mutants/m08-no-heartbeat/kafkajs.ts',
      by: 'figures',
      faults: [],
      figures: { 'expired sessions': 18 },
    },
  ],
} as const
