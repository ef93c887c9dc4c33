import type { Beat } from './beat.ts'

/** A line, or lines that happened several times in a row. */
type StoryItem = Beat | Rounds

interface Rounds {
  readonly of: Items
  readonly times: number
}

/** Fewer than these are told one by one. */
const ROUNDS_MIN = 3
const LENGTH_MAX = 10

/** A story in the making: lines, and lines that came several times in a row. */
export type Items = readonly StoryItem[]

/**
 * Folds repeated lines: a round is told once, with how often it came again. Rounds of a few lines
 * are found first, so that rounds of rounds are found as well: a client that retries five times and
 * then restarts, thirty-nine times over.
 */
export function folded(lines: Items): Items {
  let items = lines
  for (let length = 1; length <= LENGTH_MAX; length += 1) {
    const shorter = fold(items, length)
    // Shorter rounds may have come about.
    if (shorter.length < items.length) length = 0
    items = shorter
  }
  return items
}

/** The beats that are told, without those of later rounds. */
export function told(items: Items): readonly Beat[] {
  return items.flatMap((item) => ('of' in item ? told(item.of) : [item]))
}

/** How many lines it will have. */
export function lengthOf(items: Items): number {
  return items.reduce((sum, item) => sum + ('of' in item ? lengthOf(item.of) + 1 : 1), 0)
}

export function without(items: Items, beat: Beat): Items {
  return items.flatMap((item): Items => {
    if (item === beat) return []
    if (!('of' in item)) return [item]
    const of = without(item.of, beat)
    return of.length === 0 ? [] : [{ ...item, of }]
  })
}

function fold(items: Items, length: number): Items {
  const folded: StoryItem[] = []
  for (let index = 0; index < items.length; ) {
    const times = timesAt(items, index, length)
    const of = items.slice(index, index + length)
    if (times >= ROUNDS_MIN && of.length > 0) {
      folded.push({ of, times })
      index += times * length
    } else {
      folded.push(...items.slice(index, index + 1))
      index += 1
    }
  }
  return folded
}

function timesAt(items: Items, from: number, length: number): number {
  const keys = items.slice(from, from + length).map(keyOf)
  if (keys.length < length || keys.some((key) => key === null)) return 0
  let times = 1
  for (;;) {
    const start = from + times * length
    const next = items.slice(start, start + length).map(keyOf)
    if (next.length < length || next.some((key, index) => key !== keys[index])) return times
    times += 1
  }
}

/**
 * The key of a line, the same for lines that differ in their numbers only; null: it is told each
 * time.
 */
function keyOf(item: StoryItem): string | null {
  if ('of' in item) {
    const keys = item.of.map(keyOf)
    return `(${keys.join('|')})`
  }
  if (item.fault !== null) return null
  return `${item.lane}: ${item.mark} ${item.text.replace(/\d+/g, '#')}`
}

/**
 * All lines in their order: after the lines of a round the line that says how often they came
 * again.
 */
export function numbered(items: Items): readonly Beat[] {
  const beats: Beat[] = []
  const tell = (item: StoryItem): { readonly from: number; readonly to: number } => {
    const from = beats.length + 1
    if (!('of' in item)) {
      beats.push(item)
      return { from, to: beats.length }
    }
    for (const each of item.of) tell(each)
    const to = beats.length
    beats.push(repeats(item, { from, to }))
    return { from, to: beats.length }
  }
  for (const item of items) tell(item)
  return beats
}

function repeats(rounds: Rounds, { from, to }: { readonly from: number; readonly to: number }): Beat {
  const first = told(rounds.of).at(0)
  const lines = from === to ? `${from}` : to === from + 1 ? `${from} and ${to}` : `${from} to ${to}`
  return {
    lane: '',
    text: `repeats ${lines}, ${rounds.times - 1} times`,
    mark: 'rounds',
    events: first?.events ?? [],
    weight: 2,
    work: null,
    owns: null,
    calls: null,
    fault: null,
  }
}
