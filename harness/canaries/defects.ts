import m01 from '../../scenarios/mutants/m01-commits-offset/defect.ts'
import m02 from '../../scenarios/mutants/m02-string-plus-one/defect.ts'
import m03 from '../../scenarios/mutants/m03-commits-first/defect.ts'
import m04 from '../../scenarios/mutants/m04-promise-all/defect.ts'
import m05 from '../../scenarios/mutants/m05-overlapping-commits/defect.ts'
import m06 from '../../scenarios/mutants/m06-swallowed-error/defect.ts'
import m07 from '../../scenarios/mutants/m07-floating-promise/defect.ts'
import m08 from '../../scenarios/mutants/m08-no-heartbeat/defect.ts'
import m09 from '../../scenarios/mutants/m09-heartbeat-hides-hang/defect.ts'
import m10 from '../../scenarios/mutants/m10-stale-commit/defect.ts'
import m11 from '../../scenarios/mutants/m11-never-tracked/defect.ts'
import m12 from '../../scenarios/mutants/m12-dead-letter-dropped/defect.ts'
import m13 from '../../scenarios/mutants/m13-retry-topic/defect.ts'
import m14 from '../../scenarios/mutants/m14-dedup-in-memory/defect.ts'
import m15 from '../../scenarios/mutants/m15-marks-first/defect.ts'
import m16 from '../../scenarios/mutants/m16-mark-expires/defect.ts'
import m17 from '../../scenarios/mutants/m17-mark-of-all-groups/defect.ts'
import m18 from '../../scenarios/mutants/m18-check-then-insert/defect.ts'
import m19 from '../../scenarios/mutants/m19-mark-apart/defect.ts'
import m20 from '../../scenarios/mutants/m20-inbox-by-offset/defect.ts'
import m21 from '../../scenarios/mutants/m21-published-too-early/defect.ts'
import m22 from '../../scenarios/mutants/m22-exits-at-once/defect.ts'
import m23 from '../../scenarios/mutants/m23-sends-offset/defect.ts'
import m24 from '../../scenarios/mutants/m24-id-per-instance/defect.ts'
import m25 from '../../scenarios/mutants/m25-output-outside/defect.ts'
import m26 from '../../scenarios/mutants/m26-type-error/defect.ts'
import m27 from '../../scenarios/mutants/m27-poison-for-ever/defect.ts'
import m28 from '../../scenarios/mutants/m28-from-the-end/defect.ts'
import m29 from '../../scenarios/mutants/m29-commits-before-flush/defect.ts'
import m30 from '../../scenarios/mutants/m30-seeks-on-error/defect.ts'
import m31 from '../../scenarios/mutants/m31-shared-buffer/defect.ts'
import m32 from '../../scenarios/mutants/m32-limit-breaks-order/defect.ts'
import m33 from '../../scenarios/mutants/m33-acks-one/defect.ts'
import m40 from '../../scenarios/mutants/m40-pause-outlives-rebalance/defect.ts'
import m41 from '../../scenarios/mutants/m41-cache-outlives-assignment/defect.ts'
import m42 from '../../scenarios/mutants/m42-looks-once/defect.ts'
import m43 from '../../scenarios/mutants/m43-breaker-outlives-owner/defect.ts'
import m44 from '../../scenarios/mutants/m44-claim-outlives-owner/defect.ts'
import m45 from '../../scenarios/mutants/m45-count-outlives-queue/defect.ts'
import m46 from '../../scenarios/mutants/m46-shutdown-ends-retries/defect.ts'
import m47 from '../../scenarios/mutants/m47-owed-commits/defect.ts'
import m48 from '../../scenarios/mutants/m48-breaker-outlives-rebalance/defect.ts'
import m49 from '../../scenarios/mutants/m49-asks-before-it-fences/defect.ts'
import m50 from '../../scenarios/mutants/m50-age-by-own-clock/defect.ts'
import m51 from '../../scenarios/mutants/m51-outage-outlasts-marks/defect.ts'
import m52 from '../../scenarios/mutants/m52-carried-past-the-commit/defect.ts'
import m53 from '../../scenarios/mutants/m53-steps-and-no-drift/defect.ts'
import m54 from '../../scenarios/mutants/m54-fails-on-the-way/defect.ts'
import m55 from '../../scenarios/mutants/m55-paused-for-a-service/defect.ts'
import m56 from '../../scenarios/mutants/m56-retries-cleared-by-rebalance/defect.ts'
import m57 from '../../scenarios/mutants/m57-flight-outlives-owner/defect.ts'
import orders from '../../scenarios/orders/defect.ts'
import type { Defect } from './defect.interface.ts'

/** A defect, and the folder below `scenarios` where its services are. */
export interface Housed {
  readonly folder: string
  readonly defect: Defect
}

/**
 * All defects that bundled scenarios have, in the order of the table in
 * `scenarios/mutants/README.md`.
 */
export const DEFECTS: readonly Housed[] = [
  { folder: 'orders', defect: orders },
  { folder: 'mutants/m01-commits-offset', defect: m01 },
  { folder: 'mutants/m02-string-plus-one', defect: m02 },
  { folder: 'mutants/m03-commits-first', defect: m03 },
  { folder: 'mutants/m04-promise-all', defect: m04 },
  { folder: 'mutants/m05-overlapping-commits', defect: m05 },
  { folder: 'mutants/m06-swallowed-error', defect: m06 },
  { folder: 'mutants/m07-floating-promise', defect: m07 },
  { folder: 'mutants/m08-no-heartbeat', defect: m08 },
  { folder: 'mutants/m09-heartbeat-hides-hang', defect: m09 },
  { folder: 'mutants/m10-stale-commit', defect: m10 },
  { folder: 'mutants/m11-never-tracked', defect: m11 },
  { folder: 'mutants/m12-dead-letter-dropped', defect: m12 },
  { folder: 'mutants/m13-retry-topic', defect: m13 },
  { folder: 'mutants/m14-dedup-in-memory', defect: m14 },
  { folder: 'mutants/m15-marks-first', defect: m15 },
  { folder: 'mutants/m16-mark-expires', defect: m16 },
  { folder: 'mutants/m17-mark-of-all-groups', defect: m17 },
  { folder: 'mutants/m18-check-then-insert', defect: m18 },
  { folder: 'mutants/m19-mark-apart', defect: m19 },
  { folder: 'mutants/m20-inbox-by-offset', defect: m20 },
  { folder: 'mutants/m21-published-too-early', defect: m21 },
  { folder: 'mutants/m22-exits-at-once', defect: m22 },
  { folder: 'mutants/m23-sends-offset', defect: m23 },
  { folder: 'mutants/m24-id-per-instance', defect: m24 },
  { folder: 'mutants/m25-output-outside', defect: m25 },
  { folder: 'mutants/m26-type-error', defect: m26 },
  { folder: 'mutants/m27-poison-for-ever', defect: m27 },
  { folder: 'mutants/m28-from-the-end', defect: m28 },
  { folder: 'mutants/m29-commits-before-flush', defect: m29 },
  { folder: 'mutants/m30-seeks-on-error', defect: m30 },
  { folder: 'mutants/m31-shared-buffer', defect: m31 },
  { folder: 'mutants/m32-limit-breaks-order', defect: m32 },
  { folder: 'mutants/m33-acks-one', defect: m33 },
  { folder: 'mutants/m40-pause-outlives-rebalance', defect: m40 },
  { folder: 'mutants/m41-cache-outlives-assignment', defect: m41 },
  { folder: 'mutants/m42-looks-once', defect: m42 },
  { folder: 'mutants/m43-breaker-outlives-owner', defect: m43 },
  { folder: 'mutants/m44-claim-outlives-owner', defect: m44 },
  { folder: 'mutants/m45-count-outlives-queue', defect: m45 },
  { folder: 'mutants/m46-shutdown-ends-retries', defect: m46 },
  { folder: 'mutants/m47-owed-commits', defect: m47 },
  { folder: 'mutants/m48-breaker-outlives-rebalance', defect: m48 },
  { folder: 'mutants/m49-asks-before-it-fences', defect: m49 },
  { folder: 'mutants/m50-age-by-own-clock', defect: m50 },
  { folder: 'mutants/m51-outage-outlasts-marks', defect: m51 },
  { folder: 'mutants/m52-carried-past-the-commit', defect: m52 },
  { folder: 'mutants/m53-steps-and-no-drift', defect: m53 },
  { folder: 'mutants/m54-fails-on-the-way', defect: m54 },
  { folder: 'mutants/m55-paused-for-a-service', defect: m55 },
  { folder: 'mutants/m56-retries-cleared-by-rebalance', defect: m56 },
  { folder: 'mutants/m57-flight-outlives-owner', defect: m57 },
]
