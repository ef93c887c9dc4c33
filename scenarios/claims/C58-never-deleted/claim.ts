export default {
  id: 'C58',
  claim: 'Records are never deleted or moved; the offset only grows.',
  verdict: 'refuted',
  because: 'retention deletes them, read or not',
  evidence: [
    {
      says: 'against',
      client: 'poll loop',
      what: '5 unread records are deleted',
      file: '../C20-retention-overtakes/earliest.scenario.ts',
      by: 'figures',
      faults: [
        { kind: 'crash', target: 'consumer-0', at: { atMs: 10_000 }, restartMs: 90_000 },
        { kind: 'records-deleted', target: 'orders/0', at: { atMs: 40_000 } },
      ],
      figures: { lost: 5 },
    },
  ],
} as const
