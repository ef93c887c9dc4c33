import type { EventOf, HistoryEvent, ObservationKind } from '../../harness/core/history.ts'
import type { Checker } from '../../harness/core/property.ts'
import type { Finding } from '../../harness/core/verdict.ts'

/** What a view does with the events that it wants to see. */
export type Noting = { readonly [Kind in ObservationKind]?: (event: EventOf<Kind>) => void }

/** What a checker does with them. */
export type Checking = { readonly [Kind in ObservationKind]?: (event: EventOf<Kind>) => Finding | null }

/** A fold over the history that several checkers need: the log, the group's offsets, who works for which group. */
export interface View {
  readonly noting: Noting
}

/** A checker that says which kinds of events it wants, so that the judge calls it for no other. */
export interface KindChecker extends Checker {
  readonly kinds: readonly ObservationKind[]
}

type React = (event: HistoryEvent) => Finding | null

/** A checker from its parts. Each event goes through the views first, in their order, then to the checker. */
export function checker(parts: {
  readonly views?: readonly View[]
  readonly on: Checking
  readonly finish?: () => readonly Finding[]
}): KindChecker {
  const reactions = new Map<ObservationKind, React[]>()
  for (const { noting } of parts.views ?? []) add(reactions, noting)
  add(reactions, parts.on)
  return {
    kinds: [...reactions.keys()],
    observe(event) {
      const wanted = reactions.get(event.kind)
      if (wanted === undefined) return null
      let finding: Finding | null = null
      for (const react of wanted) finding = react(event) ?? finding
      return finding
    },
    finish: parts.finish ?? (() => []),
  }
}

function add(reactions: Map<ObservationKind, React[]>, table: Noting | Checking): void {
  for (const [kind, react] of Object.entries(table) as [ObservationKind, React][]) {
    const known = reactions.get(kind)
    if (known === undefined) reactions.set(kind, [react])
    else known.push(react)
  }
}
