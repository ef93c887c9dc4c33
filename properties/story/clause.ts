import type { HistoryEvent } from '../../harness/core/history.ts'

/**
 * A piece of a sentence, with what makes it true: the events that show it, and, where it says that
 * something did not happen, the stretch of the history in which no such event is. Headlines are
 * made of nothing else.
 */
export interface Clause {
  readonly text: string
  readonly shownBy: readonly HistoryEvent[]
  readonly denies?: Denial
}

export interface Denial {
  /** Sequence numbers, both left out. */
  readonly after: number
  readonly before: number
  /** The event that did not happen. */
  what(event: HistoryEvent): boolean
}

export function shown(text: string, ...events: readonly (HistoryEvent | null | undefined)[]): Clause {
  return { text, shownBy: events.filter((event) => event != null) }
}

export function holds({ shownBy, denies }: Clause, events: readonly HistoryEvent[]): boolean {
  if (shownBy.some((event) => events[event.seq] !== event)) return false
  if (denies === undefined) return true
  return !events.slice(denies.after + 1, Math.max(denies.after + 1, denies.before)).some(denies.what)
}

/**
 * The clauses that the history bears out. The first names who did it: without it the others would
 * stand alone, and there are none.
 */
export function borneOut(clauses: readonly Clause[], events: readonly HistoryEvent[]): readonly Clause[] {
  const [first] = clauses
  return first !== undefined && holds(first, events) ? clauses.filter((each) => holds(each, events)) : []
}

/** A finding's result and its cause: one sentence, or two. */
export interface Headline {
  readonly result: Clause
  /**
   * Told in one sentence of their own: `consumer-0 committed offset 2 …, crashed, and resumed at
   * 2`.
   */
  readonly causes: readonly Clause[]
}

export function headlineText({ result, causes }: Headline): string {
  const cause = causes.length === 0 ? [] : [joined(causes.map(({ text }) => text))]
  return [result.text, ...cause].map((text) => `${capital(text)}.`).join(' ')
}

const OURS = /^(the|its|an?|one|what)\b(?!:)/

/** A name stays as it is: `consumer-0 crashed`. */
function capital(text: string): string {
  return OURS.test(text) ? `${text.charAt(0).toUpperCase()}${text.slice(1)}` : text
}

/** `a`, `a and b`, `a, b, and c`. */
function joined(parts: readonly string[]): string {
  if (parts.length <= 2) return parts.join(' and ')
  return `${parts.slice(0, -1).join(', ')}, and ${parts.at(-1)}`
}
