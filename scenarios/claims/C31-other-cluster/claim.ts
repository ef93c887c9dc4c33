export default {
  id: 'C31',
  claim: 'A move to another cluster has to translate offsets: the same record has another one there.',
  verdict: 'holds',
  because:
    'an offset that is copied as it is repeats records or leaves them out (the other cluster is played by a copy of the topic that begins at another offset)',
  evidence: [
    {
      says: 'for',
      client: 'poll loop',
      what: '5 of 10 orders are done, and it goes on at the translated offset: each is done once',
      file: 'translated.scenario.ts',
      by: 'figures',
      faults: [],
      figures: {
        effects: 10,
      },
    },
    {
      says: 'for',
      client: 'poll loop',
      what: 'goes on at the old number, earliest: 5 orders are done twice',
      file: 'raw-earliest.scenario.ts',
      by: 'figures',
      faults: [],
      figures: {
        effects: 15,
      },
    },
    {
      says: 'for',
      client: 'poll loop',
      what: 'goes on at the old number, latest: 5 orders are never done',
      file: 'raw-latest.scenario.ts',
      by: 'figures',
      faults: [],
      figures: {
        effects: 5,
      },
    },
  ],
} as const
