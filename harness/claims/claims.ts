import c01 from '../../scenarios/claims/C01-offsets-64-bit/claim.ts'
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
import c21 from '../../scenarios/claims/C21-operator-resets/claim.ts'
import c22 from '../../scenarios/claims/C22-isolation/claim.ts'
import c23 from '../../scenarios/claims/C23-static-members/claim.ts'
import c24 from '../../scenarios/claims/C24-seek/claim.ts'
import c25 from '../../scenarios/claims/C25-offsets-in-store/claim.ts'
import c26 from '../../scenarios/claims/C26-by-timestamp/claim.ts'
import c27 from '../../scenarios/claims/C27-cooperative/claim.ts'
import c28 from '../../scenarios/claims/C28-lag/claim.ts'
import c29 from '../../scenarios/claims/C29-wakeup/claim.ts'
import c30 from '../../scenarios/claims/C30-retry-dead-letters/claim.ts'
import c31 from '../../scenarios/claims/C31-other-cluster/claim.ts'
import c32 from '../../scenarios/claims/C32-idle-members/claim.ts'
import c33 from '../../scenarios/claims/C33-assignors/claim.ts'
import c34 from '../../scenarios/claims/C34-timeouts/claim.ts'
import c35 from '../../scenarios/claims/C35-one-group-two-jobs/claim.ts'
import c36 from '../../scenarios/claims/C36-ack-no-flow-control/claim.ts'
import c37 from '../../scenarios/claims/C37-acknowledge-last/claim.ts'
import c38 from '../../scenarios/claims/C38-await-all/claim.ts'
import c39 from '../../scenarios/claims/C39-republish/claim.ts'
import c40 from '../../scenarios/claims/C40-order-of-keys/claim.ts'
import c41 from '../../scenarios/claims/C41-hot-keys/claim.ts'
import c42 from '../../scenarios/claims/C42-failure-at-100/claim.ts'
import c43 from '../../scenarios/claims/C43-acks/claim.ts'
import c44 from '../../scenarios/claims/C44-back-pressure/claim.ts'
import c45 from '../../scenarios/claims/C45-stale-generation/claim.ts'
import c46 from '../../scenarios/claims/C46-sums/claim.ts'
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
import c60 from '../../scenarios/claims/C60-without-a-key/claim.ts'
import c61 from '../../scenarios/claims/C61-more-partitions-for-a-hot-key/claim.ts'
import c62 from '../../scenarios/claims/C62-more-partitions/claim.ts'
import c63 from '../../scenarios/claims/C63-non-cancellable/claim.ts'
import c64 from '../../scenarios/claims/C64-whole-batch/claim.ts'
import c65 from '../../scenarios/claims/C65-collect-then-handle/claim.ts'
import c66 from '../../scenarios/claims/C66-circuit-breaker/claim.ts'
import c67 from '../../scenarios/claims/C67-upsert/claim.ts'
import c68 from '../../scenarios/claims/C68-commit-sync-costs/claim.ts'
import c69 from '../../scenarios/claims/C69-offsets-topic/claim.ts'
import c70 from '../../scenarios/claims/C70-canary/claim.ts'
import c71 from '../../scenarios/claims/C71-who-assigns/claim.ts'
import c72 from '../../scenarios/claims/C72-salted-keys/claim.ts'
import c73 from '../../scenarios/claims/C73-state-and-windows/claim.ts'
import type { HousedClaim } from './claim.interface.ts'

/** All claims with a verdict, in their order. */
export const CLAIMS: readonly HousedClaim[] = [
  { folder: 'C01-offsets-64-bit', claim: c01 },
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
  { folder: 'C21-operator-resets', claim: c21 },
  { folder: 'C22-isolation', claim: c22 },
  { folder: 'C23-static-members', claim: c23 },
  { folder: 'C24-seek', claim: c24 },
  { folder: 'C25-offsets-in-store', claim: c25 },
  { folder: 'C26-by-timestamp', claim: c26 },
  { folder: 'C27-cooperative', claim: c27 },
  { folder: 'C28-lag', claim: c28 },
  { folder: 'C29-wakeup', claim: c29 },
  { folder: 'C30-retry-dead-letters', claim: c30 },
  { folder: 'C31-other-cluster', claim: c31 },
  { folder: 'C32-idle-members', claim: c32 },
  { folder: 'C33-assignors', claim: c33 },
  { folder: 'C34-timeouts', claim: c34 },
  { folder: 'C35-one-group-two-jobs', claim: c35 },
  { folder: 'C36-ack-no-flow-control', claim: c36 },
  { folder: 'C37-acknowledge-last', claim: c37 },
  { folder: 'C38-await-all', claim: c38 },
  { folder: 'C39-republish', claim: c39 },
  { folder: 'C40-order-of-keys', claim: c40 },
  { folder: 'C41-hot-keys', claim: c41 },
  { folder: 'C42-failure-at-100', claim: c42 },
  { folder: 'C43-acks', claim: c43 },
  { folder: 'C44-back-pressure', claim: c44 },
  { folder: 'C45-stale-generation', claim: c45 },
  { folder: 'C46-sums', claim: c46 },
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
  { folder: 'C60-without-a-key', claim: c60 },
  { folder: 'C61-more-partitions-for-a-hot-key', claim: c61 },
  { folder: 'C62-more-partitions', claim: c62 },
  { folder: 'C63-non-cancellable', claim: c63 },
  { folder: 'C64-whole-batch', claim: c64 },
  { folder: 'C65-collect-then-handle', claim: c65 },
  { folder: 'C66-circuit-breaker', claim: c66 },
  { folder: 'C67-upsert', claim: c67 },
  { folder: 'C68-commit-sync-costs', claim: c68 },
  { folder: 'C69-offsets-topic', claim: c69 },
  { folder: 'C70-canary', claim: c70 },
  { folder: 'C71-who-assigns', claim: c71 },
  { folder: 'C72-salted-keys', claim: c72 },
  { folder: 'C73-state-and-windows', claim: c73 },
]
