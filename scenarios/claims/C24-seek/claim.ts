export default {
  id: 'C24',
  claim: 'seek moves the position: what it passes over is skipped, what it goes back over is done again.',
  verdict: 'holds',
  because: 'and the committed offset stays until the next commit',
  evidence: [
    {
      says: 'for',
      client: 'poll loop',
      what: 'goes back to offset 2 at the end: 8 records are done twice',
      file: 'back.scenario.ts',
      by: 'figures',
      faults: [],
      figures: { duplicates: 8, lost: 0 },
    },
    {
      says: 'for',
      client: 'poll loop',
      what: 'goes on to offset 6 at once: 6 records are skipped',
      file: 'on.scenario.ts',
      by: 'figures',
      faults: [],
      figures: { duplicates: 0, lost: 6 },
    },
  ],
} as const
