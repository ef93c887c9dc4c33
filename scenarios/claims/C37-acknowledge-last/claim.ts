export default {
  id: 'C37',
  claim: 'The article’s right pattern: collect a batch, acknowledge its last record, process the batch.',
  verdict: 'refuted',
  because:
    'it acknowledges before it processes; the figure beside the code has it the other way round, and holds',
  evidence: [
    {
      says: 'against',
      client: 'poll loop',
      what: 'the code: commits, then processes the batch',
      file: '../C10-commit-too-early/first.scenario.ts',
      by: 'counterexample',
      property: 'lost-record',
      replay: 'code.json',
    },
    {
      says: 'for',
      client: 'poll loop',
      what: 'the figure: processes the batch, then commits',
      file: '../C05-commit-sync/sync.scenario.ts',
      by: 'search',
    },
    {
      says: 'against',
      client: 'kafkajs',
      what: 'commits before it flushes its buffer',
      file: '../../mutants/m29-commits-before-flush/kafkajs.ts',
      by: 'counterexample',
      property: 'lost-record',
      replay: 'm29-kafkajs.json',
    },
    {
      says: 'against',
      client: '@platformatic/kafka',
      what: 'commits before it flushes its buffer',
      file: '../../mutants/m29-commits-before-flush/platformatic.ts',
      by: 'counterexample',
      property: 'lost-record',
      replay: 'm29-platformatic.json',
    },
  ],
} as const
