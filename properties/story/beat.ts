import type { HistoryEvent, TopicPartition } from '../../harness/core/history.ts'
import { operationName, partitionName } from '../../harness/core/names.ts'
import type { StoryLine, StoryMark, Told } from '../../harness/core/story.ts'
import type { CallEvent } from '../../harness/core/world-event.ts'
import { recordsText } from './words.ts'

/** One line of a story in the making. Beats of `work` on one partition run together. */
export interface Beat extends Told {
  readonly events: readonly HistoryEvent[]
  /** 3: proves the finding, or a fault strikes; 2: turns the story; 1: the course of things. */
  readonly weight: 1 | 2 | 3
  readonly work: Work | null
  readonly owns: Owns | null
  readonly calls: ToldCalls | null
  /** Index of the fault that strikes. */
  readonly fault: number | null
}

/** Processed records and commits that need no line each. */
export interface Work {
  readonly at: TopicPartition
  readonly first: bigint | null
  readonly last: bigint | null
  readonly committed: bigint | null
}

/** An assignment, and where each of its partitions is read from, as far as that is told. */
export interface Owns {
  readonly partitions: readonly TopicPartition[]
  readonly generation: number
  readonly from: ReadonlyMap<string, string>
}

/** An event's contribution to a story. */
export type Telling = Told & {
  /** Other events that it tells of. */
  readonly also?: readonly HistoryEvent[]
  readonly weight?: 1 | 2
  readonly work?: Work
  readonly owns?: Owns
  readonly calls?: ToldCalls
}

/** Calls of one process at one service, one after the other. */
export interface ToldCalls {
  readonly service: string
  readonly made: readonly Pick<CallEvent, 'operation' | 'ordinal'>[]
}

export function callsText({ service, made }: ToldCalls): string {
  return `at ${service}: ${roundsOf(made).join(', ')}`
}

/** Rounds of more calls than these are told one by one. */
const ROUND_MAX = 8
const ROUNDS_MIN = 3

/**
 * Calls that a process makes again and again, since it polls a table, are told once, without their
 * numbers.
 */
function roundsOf(made: ToldCalls['made']): readonly string[] {
  const sorts = made.map(({ operation }) => operation)
  const told: string[] = []
  for (let index = 0; index < made.length; ) {
    const { length, times } = longestRounds(sorts, index)
    if (times < ROUNDS_MIN) {
      told.push(...made.slice(index, index + 1).map(operationName))
      index += 1
      continue
    }
    told.push(`${times} times ${listed(sorts.slice(index, index + length))}`)
    index += length * times
  }
  return told
}

/** The rounds from here on that cover most; of those that cover as much, the shortest. */
function longestRounds(sorts: readonly string[], from: number): { length: number; times: number } {
  let best = { length: 1, times: 1 }
  for (let length = 1; length <= ROUND_MAX; length += 1) {
    let times = 1
    while (isSame(sorts, { from, to: from + times * length, length })) times += 1
    if (times >= ROUNDS_MIN && times * length > best.times * best.length) best = { length, times }
  }
  return best
}

function isSame(
  sorts: readonly string[],
  { from, to, length }: { readonly from: number; readonly to: number; readonly length: number },
): boolean {
  if (to + length > sorts.length) return false
  return sorts.slice(from, from + length).every((sort, index) => sort === sorts[to + index])
}

/** Lines of one lane. */
export function on(lane: string): (text: string, mark: StoryMark, weight?: 1 | 2) => Telling {
  return (text, mark, weight = 2) => ({ lane, text, mark, weight })
}

/** `processes orders/0@0 to @2 and commits offset 3` */
export function workTold({ at, first, last, committed }: Work): Pick<Told, 'text' | 'mark'> {
  const did = first === null || last === null ? null : `processes ${recordsText(at, first, last)}`
  if (committed === null) return { text: did ?? '', mark: 'work' }
  const commits = `commits offset ${committed}`
  return { text: did === null ? `${commits} of ${partitionName(at)}` : `${did}; ${commits}`, mark: 'commit' }
}

/** `owns orders/0 (generation 1), from offset 2` */
export function ownsText({ partitions, generation, from }: Owns): string {
  const brackets = generation < 0 ? '' : ` (generation ${generation})`
  if (partitions.length === 0) return `owns nothing${brackets}`
  const starts = partitions.map((at) => from.get(partitionName(at)))
  const names = partitions.map(partitionName)
  const [first] = starts
  if (starts.every((start) => start === first)) {
    const where = first === undefined ? '' : `, ${first}`
    return `owns ${listed(names)}${brackets}${where}`
  }
  const each = names.map((name, index) => (starts[index] === undefined ? name : `${name} ${starts[index]}`))
  return `owns ${listed(each)}${brackets}`
}

function listed(words: readonly string[]): string {
  if (words.length <= 1) return words.join('')
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`
}

export function lineOf({ lane, text, mark, events, fault }: Beat): StoryLine {
  return {
    timeUs: events[0]?.timeUs ?? 0,
    lane,
    text,
    mark,
    events: events.map(({ seq }) => seq),
    ...(fault === null ? {} : { fault }),
  }
}
