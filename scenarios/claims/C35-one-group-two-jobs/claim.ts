export default {
  id: 'C35',
  claim: 'With one group id for two different jobs one of them stands by and does nothing.',
  verdict: 'refuted',
  because:
    'each member gets partitions of the topics that it subscribes to; only where both subscribe to the same topic do they take each other’s records',
  evidence: [
    {
      says: 'against',
      client: 'poll loop',
      what: 'two jobs on two topics in one group: neither misses a record',
      file: 'two-jobs.scenario.ts',
      by: 'figures',
      faults: [],
      figures: { lost: 0, duplicates: 0 },
    },
  ],
} as const
