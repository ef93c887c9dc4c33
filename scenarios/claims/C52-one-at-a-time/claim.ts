export default {
  id: 'C52',
  claim: 'The assignment prevents that a record is processed by several consumers at once.',
  verdict: 'refuted',
  because:
    'a process that stands still does not know that its partition has moved, and goes on when it wakes up',
  evidence: [
    {
      says: 'against',
      client: 'poll loop',
      what: 'processes, then commits; one stands still',
      file: 'zombie.scenario.ts',
      by: 'counterexample',
      property: 'zombie-effect',
      replay: 'zombie.json',
    },
  ],
} as const
