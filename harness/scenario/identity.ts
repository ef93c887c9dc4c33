import { UsageError } from '../core/errors.ts'
import type { History } from '../core/history.ts'
import type { Scenario } from '../core/scenario.ts'

/**
 * The scenario's `identity` against the records of a run without faults. One that fails on each of
 * them is as none, and one that gives nothing makes all of them the same message.
 * @throws UsageError where no record has an identity
 */
export function demandIdentity(
  { name, identity }: Scenario,
  consumed: readonly string[],
  { events }: History,
): void {
  if (identity === undefined) return
  let why: string | null = null
  for (const event of events) {
    if (event.kind !== 'append' || !consumed.includes(event.topic)) continue
    const { topic, partition, offset, key, value } = event
    try {
      const given: unknown = identity({ topic, partition, offset, key, value })
      if (given != null) return
      why ??= `gives ${given}`
    } catch (error) {
      why ??= `throws ${String(error)}`
    }
  }
  if (why === null) return
  throw new UsageError(
    'bad-scenario',
    `the identity of '${name}' ${why} for every record; mend it: identity: ({ value }) => JSON.parse(value ?? '').orderId`,
  )
}
