export default {
  id: 'C65',
  claim: 'Collecting a batch and handling it before the next one is collected guarantees back pressure.',
  verdict: 'holds',
  because: 'never more is in hand than one batch',
  evidence: [
    {
      says: 'for',
      client: 'poll loop',
      what: 'handles what poll returned before it polls again',
      file: 'batches.scenario.ts',
      by: 'search',
    },
  ],
} as const
