export default {
  id: 'C68',
  claim: 'commitSync costs throughput.',
  verdict: 'holds',
  because:
    'each waits for a round trip: 40 records take twice as long with a commit for each; commitAsync costs none of it',
  evidence: [
    {
      says: 'for',
      client: 'poll loop',
      what: 'commits each record',
      file: 'each.scenario.ts',
      by: 'figures',
      faults: [],
      figures: { commits: 40, 'ms at work': 134 },
    },
    {
      says: 'for',
      client: 'poll loop',
      what: 'commits each poll',
      file: 'poll.scenario.ts',
      by: 'figures',
      faults: [],
      figures: { commits: 1, 'ms at work': 67 },
    },
    {
      says: 'for',
      client: 'poll loop',
      what: 'commitAsync for each record',
      file: 'async.scenario.ts',
      by: 'figures',
      faults: [],
      figures: { commits: 40, 'ms at work': 67 },
    },
  ],
} as const
