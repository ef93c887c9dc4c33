import { definitionOf } from '../../harness/core/fault.ts'
import type { HistoryEvent } from '../../harness/core/history.ts'

/** For each fault that began: the event at which it strikes, and the fault's index. */
export function faultActs(events: readonly HistoryEvent[]): ReadonlyMap<number, number> {
  const acts = new Map<number, number>()
  for (const event of events) {
    if (event.kind !== 'fault' || event.phase !== 'begins') continue
    const { kind, target } = event.fault
    const { shownBy, stays } = definitionOf(kind)
    const shown = events.find(
      (each) =>
        each.kind !== 'fault' &&
        // A fault of a record's content shows when the record is written, before the fault is said
        // to begin.
        (each.seq > event.seq || (stays === true && each.kind === 'append')) &&
        !acts.has(each.seq) &&
        shownBy?.(each, target) === true,
    )
    acts.set(shown?.seq ?? event.seq, event.index)
  }
  return acts
}
