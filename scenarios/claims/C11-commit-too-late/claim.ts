export default {
  id: 'C11',
  claim: 'A commit that comes late makes duplicates: as many as were done since the last one.',
  verdict: 'holds',
  because:
    'a crash after 8 records repeats 1, 4 or 8 of them with a commit for each record, for each fourth, and for each poll',
  evidence: [
    {
      says: 'for',
      client: 'poll loop',
      what: 'commits each record',
      file: '../C02-resumes-at-committed/restart.scenario.ts',
      by: 'figures',
      faults: [
        {
          kind: 'crash',
          target: 'consumer-0',
          at: { event: 'consumer-0 effect orders/0@7' },
          restartMs: 1000,
        },
      ],
      figures: { duplicates: 1, lost: 0 },
    },
    {
      says: 'for',
      client: 'poll loop',
      what: 'commits each fourth record',
      file: '../C03-range-between/every-fourth.scenario.ts',
      by: 'figures',
      faults: [
        {
          kind: 'crash',
          target: 'consumer-0',
          at: { event: 'consumer-0 effect orders/0@7' },
          restartMs: 1000,
        },
      ],
      figures: { duplicates: 4, lost: 0 },
    },
    {
      says: 'for',
      client: 'poll loop',
      what: 'commits each poll, of 10 records',
      file: '../C05-commit-sync/sync.scenario.ts',
      by: 'figures',
      faults: [
        {
          kind: 'crash',
          target: 'consumer-0',
          at: { event: 'consumer-0 effect orders/0@7' },
          restartMs: 1000,
        },
      ],
      figures: { duplicates: 8, lost: 0 },
    },
  ],
} as const
