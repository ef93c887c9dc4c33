import c02 from '../../scenarios/claims/C02-resumes-at-committed/claim.ts'
import c03 from '../../scenarios/claims/C03-range-between/claim.ts'
import c04 from '../../scenarios/claims/C04-auto-commit/claim.ts'
import c05 from '../../scenarios/claims/C05-commit-sync/claim.ts'
import c06 from '../../scenarios/claims/C06-commit-async/claim.ts'
import c07 from '../../scenarios/claims/C07-async-then-sync/claim.ts'
import c08 from '../../scenarios/claims/C08-shutdown-hook/claim.ts'
import c09 from '../../scenarios/claims/C09-triggers/claim.ts'
import c10 from '../../scenarios/claims/C10-commit-too-early/claim.ts'
import c11 from '../../scenarios/claims/C11-commit-too-late/claim.ts'
import c12 from '../../scenarios/claims/C12-commit-on-revoke/claim.ts'
import c13 from '../../scenarios/claims/C13-at-most-once/claim.ts'
import c14 from '../../scenarios/claims/C14-at-least-once/claim.ts'
import c15 from '../../scenarios/claims/C15-exactly-once/claim.ts'
import c16 from '../../scenarios/claims/C16-database/claim.ts'
import c17 from '../../scenarios/claims/C17-groups/claim.ts'
import c18 from '../../scenarios/claims/C18-expiry/claim.ts'
import c19 from '../../scenarios/claims/C19-reset-policies/claim.ts'
import c20 from '../../scenarios/claims/C20-retention-overtakes/claim.ts'
import c23 from '../../scenarios/claims/C23-static-members/claim.ts'
import c24 from '../../scenarios/claims/C24-seek/claim.ts'
import c25 from '../../scenarios/claims/C25-offsets-in-store/claim.ts'
import c26 from '../../scenarios/claims/C26-by-timestamp/claim.ts'
import c27 from '../../scenarios/claims/C27-cooperative/claim.ts'
import c28 from '../../scenarios/claims/C28-lag/claim.ts'
import c29 from '../../scenarios/claims/C29-wakeup/claim.ts'
import c30 from '../../scenarios/claims/C30-retry-dead-letters/claim.ts'
import c32 from '../../scenarios/claims/C32-idle-members/claim.ts'
import c33 from '../../scenarios/claims/C33-assignors/claim.ts'
import c34 from '../../scenarios/claims/C34-timeouts/claim.ts'
import c35 from '../../scenarios/claims/C35-one-group-two-jobs/claim.ts'
import c36 from '../../scenarios/claims/C36-ack-no-flow-control/claim.ts'
import c37 from '../../scenarios/claims/C37-acknowledge-last/claim.ts'
import c38 from '../../scenarios/claims/C38-await-all/claim.ts'
import c42 from '../../scenarios/claims/C42-failure-at-100/claim.ts'
import c43 from '../../scenarios/claims/C43-acks/claim.ts'
import c44 from '../../scenarios/claims/C44-back-pressure/claim.ts'
import c45 from '../../scenarios/claims/C45-stale-generation/claim.ts'
import c47 from '../../scenarios/claims/C47-difference-of-offsets/claim.ts'
import c48 from '../../scenarios/claims/C48-latest-after-a-stop/claim.ts'
import c49 from '../../scenarios/claims/C49-retry-commits/claim.ts'
import c50 from '../../scenarios/claims/C50-seek-throws/claim.ts'
import c51 from '../../scenarios/claims/C51-rebalance-prevents-collisions/claim.ts'
import c52 from '../../scenarios/claims/C52-one-at-a-time/claim.ts'
import c53 from '../../scenarios/claims/C53-everybody-commits/claim.ts'
import c54 from '../../scenarios/claims/C54-one-active/claim.ts'
import c55 from '../../scenarios/claims/C55-acknowledge-4/claim.ts'
import c56 from '../../scenarios/claims/C56-slow-heartbeat/claim.ts'
import c57 from '../../scenarios/claims/C57-only-in-streams/claim.ts'
import c58 from '../../scenarios/claims/C58-never-deleted/claim.ts'
import c59 from '../../scenarios/claims/C59-two-lags/claim.ts'
import c62 from '../../scenarios/claims/C62-more-partitions/claim.ts'
import c63 from '../../scenarios/claims/C63-non-cancellable/claim.ts'
import c65 from '../../scenarios/claims/C65-collect-then-handle/claim.ts'
import c68 from '../../scenarios/claims/C68-commit-sync-costs/claim.ts'
import type { HousedClaim } from './claim.interface.ts'

/** All claims with a verdict, in their order. */
export const CLAIMS: readonly HousedClaim[] = [
  { folder: 'C02-resumes-at-committed', claim: c02 },
  { folder: 'C03-range-between', claim: c03 },
  { folder: 'C04-auto-commit', claim: c04 },
  { folder: 'C05-commit-sync', claim: c05 },
  { folder: 'C06-commit-async', claim: c06 },
  { folder: 'C07-async-then-sync', claim: c07 },
  { folder: 'C08-shutdown-hook', claim: c08 },
  { folder: 'C09-triggers', claim: c09 },
  { folder: 'C10-commit-too-early', claim: c10 },
  { folder: 'C11-commit-too-late', claim: c11 },
  { folder: 'C12-commit-on-revoke', claim: c12 },
  { folder: 'C13-at-most-once', claim: c13 },
  { folder: 'C14-at-least-once', claim: c14 },
  { folder: 'C15-exactly-once', claim: c15 },
  { folder: 'C16-database', claim: c16 },
  { folder: 'C17-groups', claim: c17 },
  { folder: 'C18-expiry', claim: c18 },
  { folder: 'C19-reset-policies', claim: c19 },
  { folder: 'C20-retention-overtakes', claim: c20 },
  { folder: 'C23-static-members', claim: c23 },
  { folder: 'C24-seek', claim: c24 },
  { folder: 'C25-offsets-in-store', claim: c25 },
  { folder: 'C26-by-timestamp', claim: c26 },
  { folder: 'C27-cooperative', claim: c27 },
  { folder: 'C28-lag', claim: c28 },
  { folder: 'C29-wakeup', claim: c29 },
  { folder: 'C30-retry-dead-letters', claim: c30 },
  { folder: 'C32-idle-members', claim: c32 },
  { folder: 'C33-assignors', claim: c33 },
  { folder: 'C34-timeouts', claim: c34 },
  { folder: 'C35-one-group-two-jobs', claim: c35 },
  { folder: 'C36-ack-no-flow-control', claim: c36 },
  { folder: 'C37-acknowledge-last', claim: c37 },
  { folder: 'C38-await-all', claim: c38 },
  { folder: 'C42-failure-at-100', claim: c42 },
  { folder: 'C43-acks', claim: c43 },
  { folder: 'C44-back-pressure', claim: c44 },
  { folder: 'C45-stale-generation', claim: c45 },
  { folder: 'C47-difference-of-offsets', claim: c47 },
  { folder: 'C48-latest-after-a-stop', claim: c48 },
  { folder: 'C49-retry-commits', claim: c49 },
  { folder: 'C50-seek-throws', claim: c50 },
  { folder: 'C51-rebalance-prevents-collisions', claim: c51 },
  { folder: 'C52-one-at-a-time', claim: c52 },
  { folder: 'C53-everybody-commits', claim: c53 },
  { folder: 'C54-one-active', claim: c54 },
  { folder: 'C55-acknowledge-4', claim: c55 },
  { folder: 'C56-slow-heartbeat', claim: c56 },
  { folder: 'C57-only-in-streams', claim: c57 },
  { folder: 'C58-never-deleted', claim: c58 },
  { folder: 'C59-two-lags', claim: c59 },
  { folder: 'C62-more-partitions', claim: c62 },
  { folder: 'C63-non-cancellable', claim: c63 },
  { folder: 'C65-collect-then-handle', claim: c65 },
  { folder: 'C68-commit-sync-costs', claim: c68 },
]

/** Claims without a verdict, and the reason. */
export const NOT_YET: Readonly<Record<string, string>> = {
  C01: 'needs a log that begins beyond 2^53 and a consumer that takes offsets for numbers',
  C21: 'needs an operator who resets offsets; the coordinator’s refusal is tested in the cluster (KAFKA.md O3)',
  C22: 'needs a producer that aborts beside the consumer; the cluster’s part is tested (KAFKA.md X5, X6)',
  C31: 'needs a second cluster',
  C39: 'needs a service that republishes its records, and records that are known by their identity',
  C40: 'needs a producer that goes on while partitions are added',
  C41: 'needs keys that are not evenly spread, and a verdict on lag',
  C46: 'needs a state store with a changelog, and a verdict on sums',
  C60: 'needs a producer without keys',
  C61: 'as C40 and C41 together',
  C64: 'as C39',
  C66: 'needs a database that is down for a while',
  C67: 'needs effects that overwrite each other',
  C69: 'a setting of brokers; what a committed offset survives is tested in the cluster (KAFKA.md L3)',
  C70: 'needs two client versions in one group, and operators',
  C71: 'who assigns is a matter of the protocol; tested in the cluster for both',
  C72: 'as C41',
  C73: 'needs Kafka Streams',
}
