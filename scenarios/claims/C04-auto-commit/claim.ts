export default {
  id: 'C04',
  claim: 'Auto commit commits whether or not a record was processed, and loses records.',
  verdict: 'holds if',
  because:
    'the work leaves the loop; in the loop the next poll commits only what is done. On @platformatic/kafka it loses even then',
  evidence: [
    {
      says: 'for',
      client: 'poll loop',
      what: 'hands records to somebody else',
      file: 'out-of-the-loop.scenario.ts',
      by: 'counterexample',
      property: 'lost-record',
      replay: 'out-of-the-loop.json',
    },
    {
      says: 'against',
      client: 'poll loop',
      what: 'does each record before the next poll',
      file: 'in-the-loop.scenario.ts',
      by: 'search',
    },
    {
      says: 'for',
      client: 'kafkajs',
      what: 'does not await its database',
      file: '../../orders/orders.scenario.ts',
      by: 'counterexample',
      property: 'lost-record',
      replay: 'orders-kafkajs.json',
    },
    {
      says: 'against',
      client: 'kafkajs',
      what: 'awaits its database',
      file: '../../orders/orders-fixed.scenario.ts',
      by: 'search',
    },
  ],
} as const
