export default {
  id: 'C48',
  claim: 'latest suits a consumer that was away for long and wants only what is new.',
  verdict: 'refuted',
  because: 'with committed offsets the policy does not apply: it reads everything that came meanwhile',
  evidence: [
    {
      says: 'against',
      client: 'poll loop',
      what: 'is away for 90 s, in which 5 records come: all are read',
      file: 'away.scenario.ts',
      by: 'figures',
      faults: [{ kind: 'crash', target: 'consumer-0', at: { atMs: 10_000 }, restartMs: 90_000 }],
      figures: { lost: 0, duplicates: 0 },
    },
  ],
} as const
