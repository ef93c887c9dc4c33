export default {
  id: 'C21',
  claim:
    'An operator can reset the offsets of a group, to be read again from there, if its consumers are stopped.',
  verdict: 'holds',
  because: 'the coordinator refuses it while the group has a member',
  evidence: [
    {
      says: 'for',
      client: 'poll loop',
      what: 'the service runs when an operator sets its offset to 2: refused',
      file: 'reset.scenario.ts',
      by: 'figures',
      faults: [],
      figures: {
        'refused commits': 1,
        duplicates: 0,
        lost: 0,
      },
    },
    {
      says: 'for',
      client: 'poll loop',
      what: 'the service is stopped for 20 s meanwhile: 8 of 10 records are done again',
      file: 'reset.scenario.ts',
      by: 'figures',
      faults: [
        {
          kind: 'graceful-restart',
          target: 'consumer-0',
          at: {
            atMs: 20000,
          },
          restartMs: 20000,
        },
      ],
      figures: {
        'refused commits': 0,
        duplicates: 8,
        lost: 0,
      },
    },
  ],
} as const
