export default {
  id: 'C03',
  claim:
    'What lies between the committed and the processed offset is done again after a crash: exactly that, and nothing is lost.',
  verdict: 'holds',
  because: 'the range is what was done and not committed, record by record',
  evidence: [
    {
      says: 'for',
      client: 'poll loop',
      what: 'commits every 4 records, and dies after 7: records 4 to 6 are done twice',
      file: 'every-fourth.scenario.ts',
      by: 'figures',
      faults: [
        {
          kind: 'crash',
          target: 'consumer-0',
          at: { event: 'consumer-0 process end orders/0@6' },
          restartMs: 1000,
        },
      ],
      figures: { duplicates: 3, lost: 0 },
    },
    {
      says: 'for',
      client: 'poll loop',
      what: 'commits every 4 records, and dies after 4, before their commit: 0 to 3 are done twice',
      file: 'every-fourth.scenario.ts',
      by: 'figures',
      faults: [
        {
          kind: 'crash',
          target: 'consumer-0',
          at: { event: 'consumer-0 effect orders/0@3' },
          restartMs: 1000,
        },
      ],
      figures: { duplicates: 4, lost: 0 },
    },
    {
      says: 'for',
      client: 'poll loop',
      what: 'commits every 4 records',
      file: 'every-fourth.scenario.ts',
      by: 'search',
    },
  ],
} as const
