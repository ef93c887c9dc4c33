export default {
  id: 'C64',
  claim: 'Of a batch that failed, all is republished to be tried again.',
  verdict: 'refuted',
  because: 'what had succeeded is done twice, without any crash: only what failed is to be republished',
  evidence: [
    {
      says: 'against',
      client: 'kafkajs',
      what: 'one of three records fails, and the batch is republished whole: 5 effects',
      file: 'whole.scenario.ts',
      by: 'figures',
      faults: [
        {
          kind: 'effect-error',
          target: 'products/0@1',
          times: 'once',
          at: {
            event: 'consumer-0 batch start products/0@0',
          },
        },
      ],
      figures: {
        effects: 5,
      },
    },
    {
      says: 'against',
      client: 'kafkajs',
      what: 'only the record that failed is republished: 3 effects',
      file: 'failed.scenario.ts',
      by: 'figures',
      faults: [
        {
          kind: 'effect-error',
          target: 'products/0@1',
          times: 'once',
          at: {
            event: 'consumer-0 batch start products/0@0',
          },
        },
      ],
      figures: {
        effects: 3,
      },
    },
  ],
} as const
