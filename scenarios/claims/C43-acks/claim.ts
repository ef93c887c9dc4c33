export default {
  id: 'C43',
  claim:
    'With acks 1 a record that was acknowledged can be lost when the leader dies; with acks all it is not.',
  verdict: 'holds',
  because: 'the followers had not fetched it yet',
  evidence: [
    {
      says: 'for',
      client: 'kafkajs',
      what: 'sends with acks 1',
      file: '../../mutants/m33-acks-one/kafkajs.ts',
      by: 'counterexample',
      property: 'lost-record',
      replay: 'm33-kafkajs.json',
    },
    {
      says: 'for',
      client: '@platformatic/kafka',
      what: 'sends with acks 1',
      file: '../../mutants/m33-acks-one/platformatic.ts',
      by: 'counterexample',
      property: 'lost-record',
      replay: 'm33-platformatic.json',
    },
    {
      says: 'for',
      client: 'kafkajs',
      what: 'sends with acks all',
      file: '../../mutants/m33-acks-one/kafkajs.twin.ts',
      by: 'search',
    },
    {
      says: 'for',
      client: '@platformatic/kafka',
      what: 'sends with acks all',
      file: '../../mutants/m33-acks-one/platformatic.twin.ts',
      by: 'search',
    },
  ],
} as const
