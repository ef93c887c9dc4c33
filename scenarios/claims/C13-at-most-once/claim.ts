export default {
  id: 'C13',
  claim: 'At most once: commit, then process. Records may be lost, none is done twice.',
  verdict: 'holds',
  because: 'a commit that failed must stop the work: here it does',
  evidence: [
    {
      says: 'for',
      client: 'kafkajs',
      what: 'commits the next offset, then processes',
      file: '../../mutants/m01-commits-offset/kafkajs.twin.ts',
      by: 'search',
    },
    {
      says: 'for',
      client: '@platformatic/kafka',
      what: 'commits the next offset, then processes',
      file: '../../mutants/m01-commits-offset/platformatic.twin.ts',
      by: 'search',
    },
    {
      says: 'for',
      client: 'poll loop',
      what: 'commits what poll returned, then does it',
      file: 'commit-first.scenario.ts',
      by: 'search',
    },
    {
      says: 'for',
      client: 'poll loop',
      what: 'the same, held against at least once',
      file: '../C10-commit-too-early/first.scenario.ts',
      by: 'counterexample',
      property: 'lost-record',
      replay: 'loses.json',
    },
  ],
} as const
