export default {
  id: 'C26',
  claim: 'A lookup by time finds the first record of that time or later.',
  verdict: 'holds',
  because: 'seek to it begins there',
  evidence: [
    {
      says: 'for',
      client: 'poll loop',
      what: 'records 10 s apart, asked for 35 s after the first',
      file: 'from-a-time.scenario.ts',
      by: 'figures',
      faults: [],
      figures: { 'first offset after the last assignment': 4, lost: 4 },
    },
  ],
} as const
