import type { EventOf, HistoryEvent, ObservationKind } from '../../harness/core/history.ts'
import { keysOf } from '../../harness/core/lists.ts'

/** A view's reactions to the kinds of events that it wants to see. */
export type Noting = Reactions<void>

/**
 * A fold over the history that several checkers need: the log, the group's offsets, the processes
 * of each group.
 */
export interface View {
  readonly noting: Noting
}

/** A table of reactions by kind of event. */
export type Reactions<Result> = { readonly [Kind in ObservationKind]?: (event: EventOf<Kind>) => Result }

/** This table's reaction to events of this kind. */
export function reaction<Result>(
  table: Reactions<Result>,
  kind: ObservationKind,
): ((event: HistoryEvent) => Result) | undefined {
  return table[kind] as ((event: HistoryEvent) => Result) | undefined
}

/**
 * Adds what `make` makes of each reaction of this table to the list of its kind, behind what is
 * there.
 */
export function register<Result, Listed>(
  lists: Map<ObservationKind, Listed[]>,
  table: Reactions<Result>,
  make: (react: (event: HistoryEvent) => Result) => Listed,
): void {
  for (const kind of keysOf(table)) {
    const react = reaction(table, kind)
    if (react === undefined) continue
    const list = lists.get(kind)
    if (list === undefined) lists.set(kind, [make(react)])
    else list.push(make(react))
  }
}
