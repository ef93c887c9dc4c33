import type { PropertyName } from '../core/verdict.ts'

/** A service of `scenarios/services`: once with a defect, and once right. */
export interface ServiceScenarios {
  /** Below `scenarios/services`. */
  readonly folder: string
  /** The scenario with the defect, and the properties that it may violate. */
  readonly defect: string
  readonly properties: readonly PropertyName[]
  readonly twin: string
  /** Its database must be a PostgreSQL server, which PGlite is not. */
  readonly needsServer?: boolean
}

export const SERVICES: readonly ServiceScenarios[] = [
  {
    folder: 'health',
    defect: 'answers.scenario.ts',
    properties: ['dead-consumer', 'stuck-partition'],
    twin: 'consumes.scenario.ts',
  },
  {
    folder: 'migration',
    defect: 'by-distance.scenario.ts',
    properties: ['commit-ahead', 'lost-record'],
    twin: 'by-copy.scenario.ts',
  },
  {
    folder: 'mirror',
    defect: 'commits-first.scenario.ts',
    properties: ['lost-record'],
    twin: 'copies-first.scenario.ts',
  },
  {
    folder: 'mirror-once',
    defect: 'from-the-beginning.scenario.ts',
    properties: ['duplicate-effect'],
    twin: 'from-the-last-copy.scenario.ts',
  },
  {
    folder: 'orders-inbox',
    defect: 'two-transactions.scenario.ts',
    properties: ['duplicate-effect'],
    twin: 'one-transaction.scenario.ts',
  },
  {
    folder: 'outbox',
    defect: 'deletes-first.scenario.ts',
    properties: ['invariant-broken'],
    twin: 'sends-first.scenario.ts',
  },
  {
    folder: 'payments',
    defect: 'key-per-attempt.scenario.ts',
    properties: ['duplicate-effect'],
    twin: 'key-per-order.scenario.ts',
  },
  {
    folder: 'points',
    defect: 'short-memory.scenario.ts',
    properties: ['duplicate-effect'],
    twin: 'long-memory.scenario.ts',
  },
  {
    folder: 'profiles',
    defect: 'last-write-wins.scenario.ts',
    properties: ['invariant-broken'],
    twin: 'newest-wins.scenario.ts',
  },
  {
    folder: 'relays',
    defect: 'skips-locked.scenario.ts',
    properties: ['invariant-broken'],
    twin: 'first-of-each.scenario.ts',
    needsServer: true,
  },
  {
    folder: 'retries',
    defect: 'pauses.scenario.ts',
    properties: ['commit-ahead', 'lost-record'],
    twin: 'waits.scenario.ts',
  },
  {
    folder: 'saga',
    defect: 'compensates-again.scenario.ts',
    properties: ['invariant-broken'],
    twin: 'compensates-once.scenario.ts',
  },
  {
    folder: 'seen-orders',
    defect: 'looks-first.scenario.ts',
    properties: ['duplicate-effect'],
    twin: 'unique.scenario.ts',
    needsServer: true,
  },
  {
    folder: 'stock',
    defect: 'two-transactions.scenario.ts',
    properties: ['assertion-failed', 'invariant-broken'],
    twin: 'one-transaction.scenario.ts',
  },
  {
    folder: 'tickets',
    defect: 'shared-connection.scenario.ts',
    properties: ['invariant-broken'],
    twin: 'own-connections.scenario.ts',
  },
]
