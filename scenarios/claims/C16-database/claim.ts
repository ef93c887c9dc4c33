export default {
  id: 'C16',
  claim:
    'A consumer that writes into a database is at least once, and its business layer makes it idempotent.',
  verdict: 'holds',
  because:
    'the mark of a message is written in the transaction of its effect; without it effects are doubled',
  evidence: [
    {
      says: 'for',
      client: 'kafkajs',
      what: 'an inbox in the transaction of the effect',
      file: '../../correct/inbox.ts',
      by: 'search',
    },
    {
      says: 'for',
      client: 'kafkajs',
      what: 'an outbox beside the effect',
      file: '../../correct/outbox.ts',
      by: 'search',
    },
    {
      says: 'for',
      client: 'kafkajs',
      what: 'the same effect without a mark is done twice',
      file: 'without-mark.scenario.ts',
      by: 'counterexample',
      property: 'duplicate-effect',
      replay: 'without-mark.json',
    },
  ],
} as const
