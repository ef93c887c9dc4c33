export default {
  id: 'C07',
  claim:
    'commitAsync in the loop, and commitSync before the end and when partitions are revoked: nothing is lost, and what ends in order leaves no duplicates.',
  verdict: 'holds',
  because: 'a commit that failed in the loop is made up for; without the last one its records are done again',
  evidence: [
    {
      says: 'for',
      client: 'poll loop',
      what: 'ends in order after its last commitAsync failed: nothing is done twice',
      file: 'both.scenario.ts',
      by: 'figures',
      faults: [
        {
          kind: 'request-error',
          target: 'consumer-0 OffsetCommit#1',
          at: { event: 'consumer-0 OffsetCommit#1 sent' },
          error: 'COORDINATOR_LOAD_IN_PROGRESS',
        },
        {
          kind: 'graceful-restart',
          target: 'consumer-0',
          at: { event: 'consumer-0 OffsetCommit#1 acknowledged' },
          restartMs: 1000,
        },
      ],
      figures: { duplicates: 0, lost: 0 },
    },
    {
      says: 'for',
      client: 'poll loop',
      what: 'does the same without the last commitSync: all 10 records are done twice',
      file: 'async-only.scenario.ts',
      by: 'figures',
      faults: [
        {
          kind: 'request-error',
          target: 'consumer-0 OffsetCommit#1',
          at: { event: 'consumer-0 OffsetCommit#1 sent' },
          error: 'COORDINATOR_LOAD_IN_PROGRESS',
        },
        {
          kind: 'graceful-restart',
          target: 'consumer-0',
          at: { event: 'consumer-0 OffsetCommit#1 acknowledged' },
          restartMs: 1000,
        },
      ],
      figures: { duplicates: 10, lost: 0 },
    },
    { says: 'for', client: 'poll loop', what: 'commits both ways', file: 'both.scenario.ts', by: 'search' },
  ],
} as const
