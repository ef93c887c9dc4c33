export default {
  id: 'C72',
  claim: 'Salted keys cure a hot partition.',
  verdict: 'holds if',
  because: 'nobody needs the order of the key: its records are spread, and done in another order',
  evidence: [
    {
      says: 'for',
      client: 'poll loop',
      what: '24 clicks of one page under four salted keys on four partitions',
      file: 'salted.scenario.ts',
      by: 'figures',
      faults: [],
      figures: {
        'most lag': 4,
        lost: 0,
      },
    },
    {
      says: 'for',
      client: 'poll loop',
      what: 'the same with the key as it is',
      file: '../C41-hot-keys/two.scenario.ts',
      by: 'figures',
      faults: [],
      figures: {
        'most lag': 16,
        'steps back': 0,
      },
    },
    {
      says: 'against',
      client: 'poll loop',
      what: 'salted: clicks are done out of order',
      file: 'salted.scenario.ts',
      by: 'figures',
      faults: [],
      figures: {
        'steps back': 8,
      },
    },
  ],
} as const
