export default {
  id: 'C70',
  claim: 'A canary with another version of the client shows early whether a change is safe.',
  verdict: 'holds if',
  because:
    'it can be a member of the same group: an assignor, or a migration of protocols, must be common to both',
  evidence: [
    {
      says: 'for',
      client: 'poll loop',
      what: 'a member of the classic protocol, and a canary of KIP-848',
      file: 'other-protocol.scenario.ts',
      by: 'search',
    },
    {
      says: 'for',
      client: '@platformatic/kafka',
      what: 'another assignor in each process',
      file: '../../mutants/m03-commits-first/platformatic-assignors.twin.ts',
      by: 'search',
    },
    {
      says: 'against',
      client: 'kafkajs',
      what: 'a canary on @platformatic/kafka: it is refused, and never gets a record',
      file: 'other-client.scenario.ts',
      by: 'figures',
      faults: [],
      figures: {
        'refused joins': 1,
        active: 1,
        lost: 0,
      },
    },
  ],
} as const
