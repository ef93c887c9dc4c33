import type { History } from '../core/history.ts'
import { recordName } from '../core/names.ts'

/** Names of the records that were in the log before the run ended. */
export function appendedIn({ events }: History): Set<string> {
  return new Set(events.flatMap((event) => (event.kind === 'append' ? [recordName(event)] : [])))
}

/** Names of the records that some handler was given. */
export function deliveredIn({ events }: History): Set<string> {
  return new Set(
    events.flatMap((event) => {
      if (event.kind === 'handler-start') return [recordName(event)]
      if (event.kind !== 'batch-start') return []
      return event.offsets.map((offset) => recordName({ ...event, offset }))
    }),
  )
}
