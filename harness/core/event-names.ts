import { unreachable } from './errors.ts'
import type { HistoryEvent, Observation, RecordPosition, RequestPhase } from './history.ts'
import {
  type CallId,
  callName,
  generationName,
  parseCallName,
  parseRecordName,
  parseRequestName,
  type Renaming,
  type RequestId,
  recordName,
  renamedId,
  requestName,
} from './names.ts'

/**
 * Events have names in domain words: `consumer-0 process end orders/1@7`, `consumer-1
 * OffsetCommit#2 applied`. Schedules place faults by these names and never by step numbers, so a
 * schedule keeps its meaning when other parts of it are taken away. A name that occurs again in a
 * run gets its occurrence behind it: `consumer-0 process end orders/1@7 (2)`.
 */
export type EventName =
  | { readonly of: 'append'; readonly record: RecordPosition }
  | { readonly of: 'request'; readonly request: RequestId; readonly phase: RequestPhase }
  | { readonly of: 'call'; readonly call: CallId; readonly phase: RequestPhase }
  /** A process's work on a record. */
  | {
      readonly of: 'work'
      readonly process: string
      readonly does: (typeof WORK)[number]
      readonly record: RecordPosition
    }
  | {
      readonly of: 'assignment'
      readonly process: string
      readonly group: string
      readonly generation: number
    }
  | { readonly of: 'process'; readonly process: string; readonly does: (typeof PROCESS)[number] }
  | { readonly of: 'rebalance'; readonly group: string }
  | { readonly of: 'generation'; readonly group: string; readonly generation: number }
  | { readonly of: 'transaction'; readonly transactionalId: string; readonly phase: string }

const WORK = [
  'process start',
  'process end',
  'process fail',
  'batch start',
  'batch end',
  'resolve',
  'effect',
  'effect fail',
] as const
const PROCESS = ['start', 'terminate', 'consumer crash'] as const
const REQUEST_PHASES: readonly RequestPhase[] = ['sent', 'received', 'applied', 'acknowledged', 'lost']
const TRANSACTION_PHASES = [
  'initialised',
  'began',
  'prepare-commit',
  'prepare-abort',
  'committed',
  'aborted',
  'fenced',
] as const

/** The event's name, or null: no fault can be placed at it. */
export function nameOf(event: Observation): EventName | null {
  const work = (
    does: (typeof WORK)[number],
    { process }: { process: string },
    record: RecordPosition,
  ): EventName => ({
    of: 'work',
    process,
    does,
    record,
  })
  switch (event.kind) {
    case 'append':
      return { of: 'append', record: event }
    case 'request':
      return { of: 'request', request: event, phase: event.phase }
    case 'call':
      return { of: 'call', call: event, phase: event.phase }
    case 'handler-start':
      return work('process start', event, event)
    case 'handler-end':
      return work('process end', event, event)
    case 'handler-failure':
      return work('process fail', event, event)
    case 'batch-start':
      return work('batch start', event, { ...event, offset: event.firstOffset })
    case 'batch-end':
      return work('batch end', event, { ...event, offset: event.firstOffset })
    case 'resolved':
      return work('resolve', event, event)
    case 'effect':
      return work('effect', event, event)
    case 'effect-failure':
      return work('effect fail', event, event)
    case 'believes':
      return { of: 'assignment', process: event.process, group: event.group, generation: event.generation }
    case 'process-started':
      return { of: 'process', process: event.process, does: 'start' }
    case 'process-terminating':
      return { of: 'process', process: event.process, does: 'terminate' }
    case 'consumer-crashed':
      return { of: 'process', process: event.process, does: 'consumer crash' }
    case 'rebalance':
      return { of: 'rebalance', group: event.group }
    case 'generation':
      return { of: 'generation', group: event.group, generation: event.generation }
    case 'transaction':
      return { of: 'transaction', transactionalId: event.transactionalId, phase: event.phase }
    default:
      return null
  }
}

/** The name of an event without its occurrence, or null. */
export function eventName(event: Observation): string | null {
  const name = nameOf(event)
  return name === null ? null : printed(name)
}

export function printed(name: EventName): string {
  switch (name.of) {
    case 'append':
      return `${recordName(name.record)} appended`
    case 'request':
      return `${requestName(name.request)} ${name.phase}`
    case 'call':
      return `${callName(name.call)} ${name.phase}`
    case 'work':
      return `${name.process} ${name.does} ${recordName(name.record)}`
    case 'assignment':
      return `${name.process} assigned ${generationName(name)}`
    case 'process':
      return `${name.process} ${name.does}`
    case 'rebalance':
      return `${name.group} rebalance`
    case 'generation':
      return `${name.group} generation ${name.generation}`
    case 'transaction':
      return `${name.transactionalId} ${name.phase}`
    default:
      return unreachable(name)
  }
}

/**
 * The inverse of `printed`, or null where the text is no event's name. It has no occurrence: see
 * `parseOccurrence`.
 */
export function parseEventName(text: string): EventName | null {
  for (const { pattern, read } of PATTERNS) {
    const match = pattern.exec(text)
    const name = match === null ? null : read(match.slice(1))
    if (name !== null) return name
  }
  return null
}

interface Pattern {
  readonly pattern: RegExp
  read(parts: readonly string[]): EventName | null
}

/** The most specific pattern comes first: group and transactional ids are free text. */
const PATTERNS: readonly Pattern[] = [
  {
    pattern: new RegExp(`^(\\S+ \\w+#\\d+) (${REQUEST_PHASES.join('|')})$`),
    read([id = '', phase]) {
      const request = parseRequestName(id)
      const known = REQUEST_PHASES.find((each) => each === phase)
      return request === null || known === undefined ? null : { of: 'request', request, phase: known }
    },
  },
  {
    pattern: new RegExp(`^(\\S+ \\S+ .+#\\d+) (${REQUEST_PHASES.join('|')})$`),
    read([id = '', phase]) {
      const call = parseCallName(id)
      const known = REQUEST_PHASES.find((each) => each === phase)
      return call === null || known === undefined ? null : { of: 'call', call, phase: known }
    },
  },
  {
    pattern: new RegExp(`^(\\S+) (${WORK.join('|')}) (\\S+)$`),
    read([process = '', does, at = '']) {
      const record = parseRecordName(at)
      const known = WORK.find((each) => each === does)
      return record === null || known === undefined ? null : { of: 'work', process, does: known, record }
    },
  },
  {
    pattern: /^(\S+) appended$/,
    read([at = '']) {
      const record = parseRecordName(at)
      return record === null ? null : { of: 'append', record }
    },
  },
  {
    pattern: /^(\S+) assigned (.+)#(-?\d+)$/,
    read: ([process = '', group = '', number]) => ({
      of: 'assignment',
      process,
      group,
      generation: Number(number),
    }),
  },
  {
    pattern: new RegExp(`^(\\S+) (${PROCESS.join('|')})$`),
    read([process = '', does]) {
      const known = PROCESS.find((each) => each === does)
      return known === undefined ? null : { of: 'process', process, does: known }
    },
  },
  { pattern: /^(.+) rebalance$/, read: ([group = '']) => ({ of: 'rebalance', group }) },
  {
    pattern: /^(.+) generation (\d+)$/,
    read: ([group = '', number]) => ({ of: 'generation', group, generation: Number(number) }),
  },
  {
    pattern: new RegExp(`^(.+) (${TRANSACTION_PHASES.join('|')})$`),
    read: ([transactionalId = '', phase = '']) => ({ of: 'transaction', transactionalId, phase }),
  },
]

/** The name with its occurrence: the first is the bare name. */
export function occurrenceName(name: string, occurrence: number): string {
  return occurrence === 1 ? name : `${name} (${occurrence})`
}

/** The inverse of `occurrenceName`. */
export function parseOccurrence(text: string): { readonly name: string; readonly occurrence: number } {
  const match = /^(.*) \((\d+)\)$/.exec(text)
  if (match === null) return { name: text, occurrence: 1 }
  const [, name = '', number] = match
  return { name, occurrence: Number(number) }
}

/** Every named event of a history, in order, with occurrences. */
export function namedEvents(
  events: readonly HistoryEvent[],
): { readonly name: string; readonly event: HistoryEvent }[] {
  const seen = new Map<string, number>()
  const named: { name: string; event: HistoryEvent }[] = []
  for (const event of events) {
    const name = eventName(event)
    if (name === null) continue
    const occurrence = (seen.get(name) ?? 0) + 1
    seen.set(name, occurrence)
    named.push({ name: occurrenceName(name, occurrence), event })
  }
  return named
}

/** Renames what an event's name names; a text that is no event's name is returned unchanged. */
export function renamedEvent(text: string, renaming: Renaming): string {
  const { name, occurrence } = parseOccurrence(text)
  const parsed = parseEventName(name)
  return parsed === null ? text : occurrenceName(printed(renamed(parsed, renaming)), occurrence)
}

function renamed(name: EventName, { process = same, record = same }: Renaming): EventName {
  switch (name.of) {
    case 'append':
      return { ...name, record: record(name.record) }
    case 'request':
      return { ...name, request: { ...name.request, process: process(name.request.process) } }
    case 'call':
      return { ...name, call: { ...name.call, process: process(name.call.process) } }
    case 'work':
      return { ...name, process: process(name.process), record: record(name.record) }
    case 'assignment':
      return { ...name, process: process(name.process), group: renamedId(name.group, process) }
    case 'process':
      return { ...name, process: process(name.process) }
    case 'rebalance':
    case 'generation':
      return { ...name, group: renamedId(name.group, process) }
    case 'transaction':
      return { ...name, transactionalId: renamedId(name.transactionalId, process) }
    default:
      return unreachable(name)
  }
}

function same<T>(value: T): T {
  return value
}

/** The process that the event of this name belongs to, or null: it belongs to the cluster. */
export function processOfEvent(text: string): string | null {
  const name = parseEventName(parseOccurrence(text).name)
  if (name === null) return null
  if (name.of === 'request') return name.request.process
  if (name.of === 'call') return name.call.process
  return 'process' in name ? name.process : null
}

/**
 * Earlier names of the same sort, with each lower number, the highest first: `OffsetCommit#3 sent`
 * gives #2, then #1. Numbered are requests of one sort, generations, and occurrences.
 */
export function earlierNames(text: string): string[] {
  const { name, occurrence } = parseOccurrence(text)
  const parsed = parseEventName(name)
  if (parsed === null) return []
  const numbered = below(numberOf(parsed)).map((number) =>
    occurrenceName(printed(withNumber(parsed, number)), occurrence),
  )
  return [...numbered, ...below(occurrence).map((number) => occurrenceName(name, number))]
}

/** From the number before this one down to 1. */
function below(number: number): number[] {
  return Array.from({ length: Math.max(0, number - 1) }, (_, index) => number - 1 - index)
}

function numberOf(name: EventName): number {
  if (name.of === 'request') return name.request.ordinal
  if (name.of === 'call') return name.call.ordinal
  return 'generation' in name ? name.generation : 1
}

function withNumber(name: EventName, number: number): EventName {
  if (name.of === 'request') return { ...name, request: { ...name.request, ordinal: number } }
  if (name.of === 'call') return { ...name, call: { ...name.call, ordinal: number } }
  return 'generation' in name ? { ...name, generation: number } : name
}
