import type { EventOf, HistoryEvent, ObservationKind } from '../harness/core/history.ts'
import type { Checker, Property } from '../harness/core/property.ts'
import type { Finding } from '../harness/core/verdict.ts'
import { reactions } from './views/observing.ts'
import { Views } from './views/views.ts'

/** What a checker says of the events that it wants to see; null: nothing. */
export type Checking = { readonly [Kind in ObservationKind]?: (event: EventOf<Kind>) => Finding | null }

/** A checker's own part, once the views have seen an event. */
export interface Checks {
  readonly on: Checking
  readonly finish?: () => readonly Finding[]
}

/** A property that is judged over views which it may share with others. */
export interface SharingProperty extends Property {
  open(views: Views): Checks
}

/** Makes a property out of what it does with the views. By itself it folds views of its own. */
export function property(parts: Pick<SharingProperty, 'name' | 'when' | 'open'>): SharingProperty {
  return {
    ...parts,
    check(setting): Checker {
      const views = new Views(setting)
      const { on, finish } = parts.open(views)
      const own = new Map<ObservationKind, (event: HistoryEvent) => Finding | null>(reactions(on))
      return {
        observe(event) {
          views.observe(event)
          return own.get(event.kind)?.(event) ?? null
        },
        finish: finish ?? (() => []),
      }
    },
  }
}
