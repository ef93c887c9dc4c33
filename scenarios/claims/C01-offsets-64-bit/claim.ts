export default {
  id: 'C01',
  claim: 'Offsets are 64-bit whole numbers: beyond 2^53 a consumer goes on as below.',
  verdict: 'holds if',
  because: 'no offset passes through a JavaScript number on its way to the commit',
  evidence: [
    {
      says: 'for',
      client: 'kafkajs',
      what: 'takes offsets for bigint',
      file: 'bigint.scenario.ts',
      by: 'search',
    },
    {
      says: 'for',
      client: 'poll loop',
      what: 'has bigint from the wire to the commit',
      file: 'poll-loop.scenario.ts',
      by: 'search',
    },
    {
      says: 'against',
      client: 'kafkajs',
      what: 'takes offsets for numbers: 2^53 + 2, and 1, is 2^53 + 4',
      file: 'number.scenario.ts',
      by: 'counterexample',
      property: 'lost-record',
      replay: 'number.json',
    },
  ],
} as const
