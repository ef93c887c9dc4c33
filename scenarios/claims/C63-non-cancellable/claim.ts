export default {
  id: 'C63',
  claim: 'NonCancellable makes the batch safe on shutdown.',
  verdict: 'refuted',
  because: 'it helps against cancellation only: with the acknowledgement first a crash loses the batch',
  evidence: [
    {
      says: 'against',
      client: 'poll loop',
      what: 'ends its batch on SIGTERM, and acknowledges first',
      file: 'finishes.scenario.ts',
      by: 'counterexample',
      property: 'lost-record',
      replay: 'finishes.json',
    },
  ],
} as const
