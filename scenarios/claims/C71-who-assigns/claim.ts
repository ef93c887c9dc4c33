export default {
  id: 'C71',
  claim: 'The coordinator manages the assignment of partitions.',
  verdict: 'holds if',
  because: 'the group is one of KIP-848: in a classic group a member does it, and the coordinator obeys',
  evidence: [
    {
      says: 'for',
      client: 'poll loop',
      what: 'KIP-848, two processes on two partitions: each has one',
      file: 'kip-848.scenario.ts',
      by: 'figures',
      faults: [],
      figures: {
        active: 2,
        lost: 0,
      },
    },
    {
      says: 'against',
      client: 'kafkajs',
      what: 'a classic group whose leader gives one member both partitions: so it is',
      file: 'leader.scenario.ts',
      by: 'figures',
      faults: [],
      figures: {
        active: 1,
        idle: 1,
        lost: 0,
      },
    },
  ],
} as const
