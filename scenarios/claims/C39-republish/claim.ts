export default {
  id: 'C39',
  claim:
    'What failed is republished to the same topic with a counter in its value, and after the last attempt noted in a table of failures.',
  verdict: 'holds if',
  because:
    'the order of a key is not needed, duplicates do no harm, and the table of failures does not fail: nothing is lost then',
  evidence: [
    {
      says: 'for',
      client: 'kafkajs',
      what: 'republishes what failed, and then commits it',
      file: '../../field/c39-retry-with-counter.ts',
      by: 'search',
    },
    {
      says: 'against',
      client: 'kafkajs',
      what: 'the same, held against the order of a key',
      file: 'order.scenario.ts',
      by: 'counterexample',
      property: 'out-of-order',
      replay: 'order.json',
    },
    {
      says: 'against',
      client: 'kafkajs',
      what: 'a record fails, and the process dies between the copy and the commit: 4 effects of 3 records',
      file: '../../field/c39-retry-with-counter.ts',
      by: 'figures',
      faults: [
        {
          kind: 'effect-error',
          target: 'products/0@0',
          times: 'once',
          at: { event: 'consumer-0 process start products/0@0' },
        },
        {
          kind: 'crash',
          target: 'consumer-0',
          at: { event: 'consumer-0 process end products/0@0' },
          restartMs: 1000,
        },
      ],
      figures: { effects: 4 },
    },
    {
      says: 'against',
      client: 'kafkajs',
      what: 'the last attempt fails, and so does the table of failures',
      file: 'failure-table.scenario.ts',
      by: 'figures',
      faults: [
        {
          kind: 'effect-error',
          target: 'products/0@0',
          times: 2,
          at: { event: 'consumer-0 process start products/0@0' },
        },
      ],
      figures: { lost: 1 },
    },
  ],
} as const
