export default {
  id: 'C59',
  claim: 'Lag is the end minus the committed offset (seed 1), or the end minus what was read (seed 4).',
  verdict: 'holds if',
  because: 'nothing is in hand: else the two differ by the records that were read and not committed',
  evidence: [
    {
      says: 'for',
      client: 'poll loop',
      what: 'commits each poll: at most one record behind by either',
      file: '../C28-lag/steady.scenario.ts',
      by: 'figures',
      faults: [],
      figures: { 'most lag': 1, 'most unread': 1 },
    },
    {
      says: 'against',
      client: 'poll loop',
      what: 'reads each record at once and commits late: 11 behind by what is committed, at most one by what is read',
      file: 'reads-first.scenario.ts',
      by: 'figures',
      faults: [],
      figures: { 'most lag': 11, 'most unread': 1 },
    },
  ],
} as const
