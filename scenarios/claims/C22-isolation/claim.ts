export default {
  id: 'C22',
  claim: 'isolation.level decides whether records of aborted transactions are seen.',
  verdict: 'holds',
  because: 'read_committed never gives them to the application, read_uncommitted does',
  evidence: [
    {
      says: 'for',
      client: 'poll loop',
      what: 'read_committed; beside it a producer aborts 3 of 6 records',
      file: 'committed.scenario.ts',
      by: 'figures',
      faults: [],
      figures: {
        effects: 4,
        'effects of aborted records': 0,
      },
    },
    {
      says: 'for',
      client: 'poll loop',
      what: 'read_uncommitted, the same',
      file: 'uncommitted.scenario.ts',
      by: 'figures',
      faults: [],
      figures: {
        effects: 7,
        'effects of aborted records': 3,
      },
    },
  ],
} as const
