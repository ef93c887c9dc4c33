export default {
  id: 'C41',
  claim: 'A hot key piles records up in its partition, while the others idle.',
  verdict: 'holds',
  because: 'whoever owns another partition can’t help',
  evidence: [
    {
      says: 'for',
      client: 'poll loop',
      what: '24 clicks of one page in 12 s and 3 of others, a second each; two partitions, two processes',
      file: 'two.scenario.ts',
      by: 'figures',
      faults: [],
      figures: {
        'most lag': 16,
        'most lag of the best partition': 0,
        lost: 0,
      },
    },
  ],
} as const
