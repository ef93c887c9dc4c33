export default {
  id: 'C18',
  claim:
    'Offsets expire when a group is away for longer than offsets.retention.minutes, and then the reset policy decides.',
  verdict: 'holds',
  because: 'earliest does everything again, latest loses what came meanwhile, none ends the consumer',
  evidence: [
    {
      says: 'for',
      client: 'poll loop',
      what: 'earliest: 5 records are done twice',
      file: 'earliest.scenario.ts',
      by: 'figures',
      faults: [{ kind: 'crash', target: 'consumer-0', at: { atMs: 10_000 }, restartMs: 90_000 }],
      figures: { duplicates: 5, lost: 0 },
    },
    {
      says: 'for',
      client: 'poll loop',
      what: 'latest: 5 records that came meanwhile are lost',
      file: 'latest.scenario.ts',
      by: 'figures',
      faults: [{ kind: 'crash', target: 'consumer-0', at: { atMs: 10_000 }, restartMs: 90_000 }],
      figures: { duplicates: 0, lost: 5 },
    },
    {
      says: 'for',
      client: 'poll loop',
      what: 'none: poll throws, and the process ends; started again it seeks to 0',
      file: 'none.scenario.ts',
      by: 'figures',
      faults: [{ kind: 'crash', target: 'consumer-0', at: { atMs: 10_000 }, restartMs: 90_000 }],
      figures: { 'exits with an error': 1, duplicates: 5, lost: 0 },
    },
  ],
} as const
