import type { PropertyName } from './verdict.ts'

/** The result of replaying a counterexample on a real cluster. */
export interface Confirmation {
  readonly property: PropertyName
  /** In how many of the tries the property was violated. */
  readonly reproduced: number
  readonly of: number
  /** For example `Kafka 4.1.0`; null where none was started. */
  readonly cluster: string | null
  /** For example `local processes, Toxiproxy 2.12.0`. */
  readonly how: string | null
  readonly faults: readonly TranslatedFault[]
  readonly tries: readonly ConfirmationTry[]
  /**
   * Why there was no try: something in the schedule has no counterpart on this cluster, or on any.
   */
  readonly notApplicable: string | null
}

/** A fault of the schedule, and how it is done to a real cluster. */
export interface TranslatedFault {
  /** In words. */
  readonly fault: string
  readonly grade: 'exact' | 'approximate' | 'not applicable'
  readonly means: string
}

export interface ConfirmationTry {
  readonly reproduced: boolean
  readonly ms: number
  /** The violation in one sentence. */
  readonly sentence: string | null
  /** Other properties that were violated too. */
  readonly also: readonly PropertyName[]
  /** When each fault of the schedule began, in milliseconds of the try, or why it never did. */
  readonly faults: readonly ({ readonly beganMs: number } | { readonly skipped: string })[]
  /** Events that should have come before others and did not, in words. */
  readonly diverged: readonly string[]
  readonly toxiproxy: ToxiproxyCalls
}

/** Calls of Toxiproxy, each of which was awaited before anything else went on. */
export interface ToxiproxyCalls {
  readonly calls: number
  /** All of them together. */
  readonly ms: number
  readonly slowestMs: number
}

/**
 * `confirmed`: it fails on a real cluster too; `not confirmed`: it never did, and every try took
 * the way of the simulated run; `undecided`: a try went another way, or there was none.
 */
export function outcomeOf({
  reproduced,
  tries,
  notApplicable,
}: Confirmation): 'confirmed' | 'not confirmed' | 'undecided' {
  if (notApplicable !== null) return 'undecided'
  if (reproduced > 0) return 'confirmed'
  const same = tries.every(
    ({ diverged, faults }) => diverged.length === 0 && faults.every((fault) => 'beganMs' in fault),
  )
  return same && tries.length > 0 ? 'not confirmed' : 'undecided'
}

/** `confirmed on Kafka 4.1.0: 10 of 10`. */
export function confirmationWords(confirmation: Confirmation): string {
  const { reproduced, of, cluster, notApplicable } = confirmation
  if (notApplicable !== null) return `can't be replayed on a real cluster: ${notApplicable}`
  if (of === 0) return 'undecided: interrupted before the first try was over'
  const times = `${reproduced} of ${of}`
  const outcome = outcomeOf(confirmation)
  return outcome === 'undecided'
    ? `undecided on ${cluster}: ${times}, and not every try took the way of the simulated run`
    : `${outcome} on ${cluster}: ${times}`
}

/** `Confirmed on Kafka 4.1.0: 10 of 10.` */
export function confirmationSentence(confirmation: Confirmation): string {
  const words = confirmationWords(confirmation)
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`
}
