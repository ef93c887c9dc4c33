export default {
  id: 'C51',
  claim: 'Two members on one partition make offsets collide, and rebalancing prevents it.',
  verdict: 'refuted',
  because:
    'for a while the old owner goes on, and Kafka checks the generation of a commit, not the owner of the partition',
  evidence: [
    {
      says: 'against',
      client: 'kafkajs',
      what: 'commits after its partition has moved',
      file: '../../mutants/m10-stale-commit/kafkajs.ts',
      by: 'counterexample',
      property: 'commit-unowned',
      replay: 'm10-kafkajs.json',
    },
  ],
} as const
