export default {
  id: 'C42',
  claim: 'A failure at offset 100 resumes at 101.',
  verdict: 'refuted',
  because: 'it resumes at what is committed: with 5 committed and a failure in record 5, at record 5',
  evidence: [
    {
      says: 'against',
      client: 'poll loop',
      what: 'dies in record 5, with 5 committed',
      file: '../C02-resumes-at-committed/restart.scenario.ts',
      by: 'figures',
      faults: [
        {
          kind: 'crash',
          target: 'consumer-0',
          at: { event: 'consumer-0 process start orders/0@5' },
          restartMs: 1000,
        },
      ],
      figures: { 'first offset after the last assignment': 5, lost: 0 },
    },
  ],
} as const
