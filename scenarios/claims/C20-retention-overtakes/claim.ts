export default {
  id: 'C20',
  claim:
    'Where records were deleted that a consumer has not read, earliest begins at the first that is left.',
  verdict: 'holds',
  because: 'the deleted ones are lost without a word; latest loses those that are left, too',
  evidence: [
    {
      says: 'for',
      client: 'poll loop',
      what: 'earliest: the 5 deleted records are lost',
      file: 'earliest.scenario.ts',
      by: 'figures',
      faults: [
        { kind: 'crash', target: 'consumer-0', at: { atMs: 10_000 }, restartMs: 90_000 },
        { kind: 'records-deleted', target: 'orders/0', at: { atMs: 40_000 } },
      ],
      figures: { lost: 5, duplicates: 0 },
    },
    {
      says: 'for',
      client: 'poll loop',
      what: 'latest: so are the 5 that are left',
      file: 'latest.scenario.ts',
      by: 'figures',
      faults: [
        { kind: 'crash', target: 'consumer-0', at: { atMs: 10_000 }, restartMs: 90_000 },
        { kind: 'records-deleted', target: 'orders/0', at: { atMs: 40_000 } },
      ],
      figures: { lost: 10, duplicates: 0 },
    },
  ],
} as const
