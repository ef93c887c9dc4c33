export default {
  id: 'C19',
  claim:
    'Where there is no committed offset, earliest begins at the first record, latest at the end, and none throws: a new group with latest loses what was there before its first assignment.',
  verdict: 'holds',
  because: 'the policy acts in the first poll with an assignment, and not when the group is made',
  evidence: [
    {
      says: 'for',
      client: 'poll loop',
      what: 'earliest',
      file: '../C05-commit-sync/sync.scenario.ts',
      by: 'search',
    },
    {
      says: 'for',
      client: 'poll loop',
      what: 'latest',
      file: 'latest.scenario.ts',
      by: 'counterexample',
      property: 'lost-record',
      replay: 'latest.json',
    },
    {
      says: 'for',
      client: 'poll loop',
      what: 'latest, and records that were there before it',
      file: 'latest.scenario.ts',
      by: 'figures',
      faults: [],
      figures: { lost: 10 },
    },
    {
      says: 'for',
      client: 'poll loop',
      what: 'none: poll throws, and the process ends; started again it seeks to 0',
      file: 'none.scenario.ts',
      by: 'figures',
      faults: [],
      figures: { 'exits with an error': 1, lost: 0 },
    },
  ],
} as const
