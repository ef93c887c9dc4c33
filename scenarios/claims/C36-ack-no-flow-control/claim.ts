export default {
  id: 'C36',
  claim:
    'An acknowledgement does not control the flow: poll goes on, and “semaphore and launch” holds more and more in memory.',
  verdict: 'holds',
  because: 'a semaphore limits what runs, not what waits',
  evidence: [
    {
      says: 'for',
      client: 'poll loop',
      what: 'starts the work of each record, ten at a time, and polls on',
      file: 'launch.scenario.ts',
      by: 'counterexample',
      property: 'unbounded-buffer',
      replay: 'launch.json',
    },
  ],
} as const
