import type { Checker, Property } from '../harness/core/property.ts'
import type { Finding } from '../harness/core/verdict.ts'
import { type Reactions, reaction } from './views/observing.ts'
import { Views } from './views/views.ts'

/** A checker's reactions to the kinds of events that it wants to see; null: no finding. */
export type Checking = Reactions<Finding | null>

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
      return {
        observe(event) {
          views.observe(event)
          return reaction(on, event.kind)?.(event) ?? null
        },
        finish: finish ?? (() => []),
      }
    },
  }
}
