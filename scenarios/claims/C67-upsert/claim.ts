export default {
  id: 'C67',
  claim: 'An upsert makes duplicates harmless.',
  verdict: 'holds if',
  because: 'it compares versions: else an older record that comes again, or late, overwrites a newer state',
  evidence: [
    {
      says: 'for',
      client: 'poll loop',
      what: 'writes a version over an older one only',
      file: 'newer-only.scenario.ts',
      by: 'search',
    },
    {
      says: 'against',
      client: 'poll loop',
      what: 'overwrites whatever is there',
      file: 'overwrites.scenario.ts',
      by: 'counterexample',
      property: 'lost-record',
      replay: 'overwrites.json',
    },
  ],
} as const
