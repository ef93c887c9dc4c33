export default {
  id: 'C47',
  claim: 'The difference of two offsets is the number of records between them.',
  verdict: 'refuted',
  because: 'markers of transactions take up offsets, and so do records that were aborted or compacted',
  evidence: [
    {
      says: 'against',
      client: 'kafkajs',
      what: 'outputs of 6 transactions: each takes an offset more, for its marker',
      file: '../../correct/consume-transform-produce.ts',
      by: 'figures',
      faults: [],
      figures: { markers: 6 },
    },
  ],
} as const
