export default {
  id: 'C55',
  claim: 'acknowledge(msg4) commits 4, and a restart begins at msg4.',
  verdict: 'refuted',
  because: 'what is acknowledged is not read again: the next offset is committed, 5',
  evidence: [
    {
      says: 'against',
      client: 'poll loop',
      what: 'has read 0 to 4, and commits',
      file: 'five.scenario.ts',
      by: 'figures',
      faults: [],
      figures: { 'last committed offset': 5 },
    },
    {
      says: 'against',
      client: 'kafkajs',
      what: 'has handled 0 to 4',
      file: 'five-kafkajs.scenario.ts',
      by: 'figures',
      faults: [],
      figures: { 'last committed offset': 5 },
    },
  ],
} as const
