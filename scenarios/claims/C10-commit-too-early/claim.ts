export default {
  id: 'C10',
  claim: 'A commit that comes too early loses records.',
  verdict: 'holds if',
  because:
    'records are committed before they are done; the article’s own example, a commit of 10 while 11 to 20 are in work, loses none',
  evidence: [
    {
      says: 'for',
      client: 'kafkajs',
      what: 'commits before it processes',
      file: '../../mutants/m03-commits-first/kafkajs.ts',
      by: 'counterexample',
      property: 'lost-record',
      replay: 'm03-kafkajs.json',
    },
    {
      says: 'for',
      client: '@platformatic/kafka',
      what: 'commits before it processes',
      file: '../../mutants/m03-commits-first/platformatic.ts',
      by: 'counterexample',
      property: 'lost-record',
      replay: 'm03-platformatic.json',
    },
    {
      says: 'for',
      client: 'poll loop',
      what: 'commits before it processes',
      file: 'first.scenario.ts',
      by: 'counterexample',
      property: 'lost-record',
      replay: 'first.json',
    },
    {
      says: 'against',
      client: 'poll loop',
      what: 'the example: 0 to 4 are committed, 5 to 9 in work when it dies',
      file: '../C02-resumes-at-committed/restart.scenario.ts',
      by: 'figures',
      faults: [
        {
          kind: 'crash',
          target: 'consumer-0',
          at: { event: 'consumer-0 process start orders/0@5' },
          restartMs: 1000,
        },
      ],
      figures: { 'first offset after the last assignment': 5, lost: 0, duplicates: 0 },
    },
  ],
} as const
