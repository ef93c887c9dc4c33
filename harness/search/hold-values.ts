import type { ClientTimings } from '../core/client-timings.ts'

/**
 * How long holds last, in milliseconds: shorter than any timeout of the client, a heartbeat's
 * interval included.
 */
export function holdValues({
  heartbeatIntervalMs,
}: ClientTimings): readonly [number, number, number, number] {
  return [5, 50, 500, heartbeatIntervalMs - 1_000]
}
