import type { EventOf, HistoryEvent, ObservationKind } from '../../harness/core/history.ts'

/** What a view does with the events that it wants to see. */
export type Noting = { readonly [Kind in ObservationKind]?: (event: EventOf<Kind>) => void }

/** A fold over the history that several checkers need: the log, the group's offsets, who works for which group. */
export interface View {
  readonly noting: Noting
}

type Reaction<Result> = (event: HistoryEvent) => Result

/** The reactions of a table, each with the kind that it is for. */
export function reactions<Result>(
  table: {
    readonly [Kind in ObservationKind]?: (event: EventOf<Kind>) => Result
  },
): [ObservationKind, Reaction<Result>][] {
  return Object.entries(table) as [ObservationKind, Reaction<Result>][]
}
