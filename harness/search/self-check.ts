import { eventName, occurrenceName } from '../core/event-names.ts'
import type { HistoryEvent } from '../core/history.ts'
import { eventLine } from '../core/history-text.ts'
import type { RunResult } from '../run/run.interface.ts'

/** Two runs of one schedule that were not the same: the first event that differs. */
export interface Difference {
  /**
   * Name of the first event that differs, in the first run, or in the second where the first ended
   * before.
   */
  readonly event: string
  /** Position of that event in both histories. */
  readonly seq: number
  /** The event as a line of JSON, or null where this run ended before. */
  readonly first: string | null
  readonly second: string | null
}

/** The parts of a run that two runs of one schedule are compared by. */
export type Repeated = Pick<RunResult, 'history' | 'historyHash'>

/** The first difference between two runs of one schedule, or null where there is none. */
export function differenceOf(first: Repeated, second: Repeated): Difference | null {
  if (first.historyHash() === second.historyHash()) return null
  const [a, b] = [first.history.events, second.history.events]
  const seq = firstDifferent(a, b)
  const from = seq < a.length ? a : b
  return {
    event: nameAt(from, seq),
    seq,
    first: lineAt(a, seq),
    second: lineAt(b, seq),
  }
}

/** One sentence. */
export function describeDifference({ event, seq, first, second }: Difference): string {
  return `event ${seq}, '${event}', was ${first ?? 'missing'} in the first run and ${second ?? 'missing'} in the second`
}

function firstDifferent(a: readonly HistoryEvent[], b: readonly HistoryEvent[]): number {
  const shorter = Math.min(a.length, b.length)
  for (let seq = 0; seq < shorter; seq += 1) if (lineAt(a, seq) !== lineAt(b, seq)) return seq
  return shorter
}

function lineAt(events: readonly HistoryEvent[], seq: number): string | null {
  const event = events[seq]
  return event === undefined ? null : eventLine(event)
}

/** An event's name with its occurrence, or its kind where it has no name. */
function nameAt(events: readonly HistoryEvent[], seq: number): string {
  const event = events[seq]
  if (event === undefined) return 'end of the history'
  const name = eventName(event)
  if (name === null) return event.kind
  const before = events.slice(0, seq).filter((each) => eventName(each) === name).length
  return occurrenceName(name, before + 1)
}
