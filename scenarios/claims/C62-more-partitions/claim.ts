export default {
  id: 'C62',
  claim: 'More partitions lengthen the recovery after a rebalance.',
  verdict: 'holds if',
  because: 'the sum over all partitions is meant: each stands still for the same time',
  evidence: [
    {
      says: 'for',
      client: 'poll loop',
      what: '2 partitions, and a process joins',
      file: 'two.scenario.ts',
      by: 'figures',
      faults: [{ kind: 'join', target: 'consumer-1', at: { event: 'consumer-0 process end orders/0@0' } }],
      figures: { 'ms without an owner': 6 },
    },
    {
      says: 'against',
      client: 'poll loop',
      what: '20 partitions: ten times the sum, the same time for each',
      file: 'twenty.scenario.ts',
      by: 'figures',
      faults: [{ kind: 'join', target: 'consumer-1', at: { event: 'consumer-0 process end orders/0@0' } }],
      figures: { 'ms without an owner': 63 },
    },
  ],
} as const
