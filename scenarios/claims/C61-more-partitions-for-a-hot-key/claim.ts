export default {
  id: 'C61',
  claim: 'A hot partition is cured by more partitions.',
  verdict: 'refuted',
  because: 'one hot key stays in one partition; and while they are added its order breaks',
  evidence: [
    {
      says: 'against',
      client: 'poll loop',
      what: '24 clicks of one page: two partitions',
      file: '../C41-hot-keys/two.scenario.ts',
      by: 'figures',
      faults: [],
      figures: {
        'most lag': 16,
      },
    },
    {
      says: 'against',
      client: 'poll loop',
      what: 'the same on eight partitions',
      file: 'eight.scenario.ts',
      by: 'figures',
      faults: [],
      figures: {
        'most lag': 15,
        'most lag of the best partition': 0,
      },
    },
    {
      says: 'against',
      client: 'poll loop',
      what: 'partitions are added while the producer goes on: the order of a key breaks',
      file: '../C40-order-of-keys/added.scenario.ts',
      by: 'counterexample',
      property: 'out-of-order',
      replay: 'added.json',
    },
  ],
} as const
