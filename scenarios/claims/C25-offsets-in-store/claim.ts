export default {
  id: 'C25',
  claim:
    'Offsets that are kept in the database of the results, in one transaction, make effects exactly once.',
  verdict: 'holds',
  because: 'a seek on assignment goes back to what the database has',
  evidence: [
    {
      says: 'for',
      client: 'kafkajs',
      what: 'offsets and results in one transaction',
      file: '../../correct/offsets-in-store.ts',
      by: 'search',
    },
  ],
} as const
