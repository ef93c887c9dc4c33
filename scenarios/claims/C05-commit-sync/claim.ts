export default {
  id: 'C05',
  claim: 'commitSync waits for the broker’s answer, and tells of a commit that failed.',
  verdict: 'holds',
  because:
    'it is sent again while that can help, and throws where the group has moved on; but one whose answer was lost may have been applied',
  evidence: [
    {
      says: 'for',
      client: 'poll loop',
      what: 'loses the answer to its commit: it is sent again, and applied twice',
      file: 'sync.scenario.ts',
      by: 'figures',
      faults: [
        {
          kind: 'answer-lost',
          target: 'consumer-0 OffsetCommit#1',
          at: { event: 'consumer-0 OffsetCommit#1 sent' },
        },
      ],
      figures: { commits: 2, duplicates: 0, lost: 0 },
    },
    {
      says: 'for',
      client: 'poll loop',
      what: 'stands still for longer than its session lasts: the commit is refused, the records are done again',
      file: 'sync.scenario.ts',
      by: 'figures',
      faults: [
        {
          kind: 'pause',
          target: 'consumer-0',
          at: { event: 'consumer-0 process start orders/0@9' },
          durationMs: 60000,
        },
      ],
      figures: { 'refused commits': 1, duplicates: 10, lost: 0 },
    },
    {
      says: 'for',
      client: 'poll loop',
      what: 'commits what it has done',
      file: 'sync.scenario.ts',
      by: 'search',
    },
  ],
} as const
