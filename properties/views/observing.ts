import type { EventOf, HistoryEvent, ObservationKind } from '../../harness/core/history.ts'

/** What a view does with the events that it wants to see. */
export type Noting = Reactions<void>

/** A fold over the history that several checkers need: the log, the group's offsets, who works for which group. */
export interface View {
  readonly noting: Noting
}

/** A table of reactions by kind of event. */
export type Reactions<Result> = { readonly [Kind in ObservationKind]?: (event: EventOf<Kind>) => Result }

/** What this table does with events of this kind. */
export function reaction<Result>(
  table: Reactions<Result>,
  kind: ObservationKind,
): ((event: HistoryEvent) => Result) | undefined {
  return table[kind] as ((event: HistoryEvent) => Result) | undefined
}
