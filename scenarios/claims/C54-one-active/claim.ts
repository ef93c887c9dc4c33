export default {
  id: 'C54',
  claim: 'One member of a group is active, and the rest stand by.',
  verdict: 'refuted',
  because: 'as drawn, with two partitions, two are active; only members beyond the partitions stand by',
  evidence: [
    {
      says: 'against',
      client: 'poll loop',
      what: 'two processes on two partitions: two are active, nobody is idle',
      file: 'two.scenario.ts',
      by: 'figures',
      faults: [],
      figures: { active: 2, idle: 0, lost: 0 },
    },
    {
      says: 'for',
      client: 'poll loop',
      what: 'three processes on two partitions: two are active, one is idle',
      file: '../C32-idle-members/three.scenario.ts',
      by: 'figures',
      faults: [],
      figures: { active: 2, idle: 1 },
    },
  ],
} as const
