import type { Told } from '../story.ts'
import type { ClientHook } from './client-hooks.ts'
import type { FaultFamily } from './families.ts'
import type { FaultField, Fields } from './fields.ts'
import type { Moment } from './moment.ts'
import type { Phase } from './phases.ts'
import type { Place, Surroundings } from './place.ts'
import type { ShownBy } from './shown-by.ts'
import type { FaultTarget } from './targets.ts'

/**
 * Defines one kind of fault, for words, stories, searches, shrinking, replay files and tables.
 * `harness/faults` defines how it acts.
 */
export interface FaultDefinition<Kind extends string, Own extends Fields> {
  readonly kind: Kind
  /** The family by which a user turns it on. */
  readonly family: FaultFamily
  readonly target: FaultTarget
  /** Fields beside `kind`, `target` and `at`, in the order of a replay file. */
  readonly fields: Own
  /**
   * How long it can go on acting. `instant`: it is over at once, what it leaves behind shows as a
   * rebalance, a restart, an error; `lasting`: until it ends; `armed`: it waits for a request or a
   * record, and nobody says when it struck.
   */
  readonly acts: 'instant' | 'lasting' | 'armed'
  /**
   * The fault takes time by itself, of the process or of what it talks to: a shutdown that waits
   * for it does not hang. A claim to end within a time holds whatever the surroundings do.
   */
  readonly stretches?: 'process' | 'surroundings'
  /** The effect in the words of the README's table. */
  readonly effect: string
  /** As a person reads it, without its moment: `crash consumer-0`. */
  words(fault: FaultWith<Kind, Own>): string
  /** A consequence, printed behind the moment: `, restart after 1 s`. */
  afterwards?(fault: FaultWith<Kind, Own>): string
  /**
   * The event that shows it at work: a story marks that one, and needs no line of the fault's own.
   */
  readonly shownBy?: ShownBy
  /** As a line of a story, or null where the events that it brings tell it better. */
  told(fault: FaultWith<Kind, Own>): Told | null
  /** The way into the app's work that it takes: on a client without it, the fault is left out. */
  readonly through?: ClientHook
  /**
   * Its durations are chosen by the client's session timeout: with shorter sessions, as a replay on
   * a real cluster may have them, the same fault would be another one.
   */
  readonly spansSessions?: true
  /** The sentence of a report where the scenario never allows this kind. */
  readonly unasked?: string
  /** Rank among the kinds that break most, with which a sweep begins; lower comes first. */
  readonly first?: number
  /**
   * Shrinking leaves its kind alone. A stall is no crash (the process lives on as a zombie), and
   * what is wrong with one record or its effect is the story.
   */
  readonly stays?: true
  /**
   * Phases of work in which a search should hit a process; a report names the ones it never hit.
   */
  readonly phases?: readonly Phase[]
  /**
   * The app takes another path after it: it tries again, waits, gives up, or does not know what
   * became of its work. What a hand-over meets there is tried in pairs. Each way that it can lead
   * has values of its own; those that are not given are the plainest.
   */
  readonly detour?: readonly FieldValues<Own>[]
  /** A partition or a process goes, or comes back. */
  readonly handsOver?: true
  /** Whether the fault would have nothing to do at this event. */
  pointless?(around: Surroundings): boolean
  /** The fault's targets at this event, where they differ from those of its kind of target. */
  targets?(place: Place, around: Surroundings): readonly string[]
  /** When it is placed, where that is not after the event itself. */
  moment?(place: Place): Moment
}

export interface FaultBase<Kind extends string> {
  readonly kind: Kind
  readonly target: string
  readonly at: Moment
}

/** Values of some of the fields. */
type FieldValues<Own extends Fields> = { readonly [Key in keyof Own]?: FieldValueOf<Own[Key]> }

type FieldValueOf<Each> = Each extends FaultField<infer Value> ? Value : never

/** Fields that a fault may be without. */
type OptionalIn<Own extends Fields> = {
  [Key in keyof Own]: Own[Key] extends { readonly optional: true } ? Key : never
}[keyof Own]

/** A fault of this kind with these fields. */
export type FaultWith<Kind extends string, Own extends Fields> = [OptionalIn<Own>] extends [never]
  ? Whole<Kind, Own>
  : Whole<Kind, Own> & {
      readonly [Key in OptionalIn<Own>]?: Exclude<FieldValueOf<Own[Key]>, undefined>
    }

/** The fields that each fault of this kind has. */
type Whole<Kind extends string, Own extends Fields> = {
  readonly [Key in
    | keyof FaultBase<Kind>
    | Exclude<keyof Own, OptionalIn<Own>>]: Key extends keyof FaultBase<Kind>
    ? FaultBase<Kind>[Key]
    : Key extends keyof Own
      ? FieldValueOf<Own[Key]>
      : never
}

/** The fault that this value defines. */
export type DefinedFault<Definition> =
  Definition extends FaultDefinition<infer Kind, infer Own> ? FaultWith<Kind, Own> : never

/** Defines a kind of fault: its fields' types come from `fields`. */
export function fault<const Kind extends string, const Own extends Fields = Readonly<Record<never, never>>>(
  definition: Omit<FaultDefinition<Kind, Own>, 'fields'> & { readonly fields?: Own },
): FaultDefinition<Kind, Own> {
  return { ...definition, fields: definition.fields ?? ({} as Own) }
}

/** Something is wrong on the network. */
export function network(text: string): Told {
  return { lane: 'network', text, mark: 'trouble' }
}

/** The harness, an operator or a dependency does something. */
export function harness(text: string): Told {
  return { lane: 'harness', text, mark: 'trouble' }
}
