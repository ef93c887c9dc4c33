import type { EventOf } from '../../harness/core/history.ts'
import type { Setting } from '../../harness/core/property.ts'

type WrittenEvent = EventOf<'append'> | EventOf<'astray'>

/**
 * The message's identity by the scenario; null: it has none, as a malformed record of another
 * shape.
 */
export function identityOf(
  { identity }: Setting,
  { topic, partition, offset, key, value }: WrittenEvent,
): string | null {
  if (identity === undefined) return null
  try {
    return String(identity({ topic, partition, offset, key, value }))
  } catch {
    return null
  }
}
