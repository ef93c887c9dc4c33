import { headlineOf } from '../../properties/story/headline.ts'
import { scopeOf } from '../../properties/story/scope.ts'
import type { HistoryEvent } from '../core/history.ts'
import { partitionName, recordName } from '../core/names.ts'
import type { StoryLine } from '../core/story.ts'
import type { Finding } from '../core/verdict.ts'

/*
 * Every sentence that a counterexample is told with, held against its history by data: a name, an
 * offset or an error that a sentence mentions is in the events that it tells, and what a verb says
 * happened, happened.
 */

/** A counterexample as it is told. */
export interface ToldStory {
  readonly events: readonly HistoryEvent[]
  readonly finding: Finding
  readonly story: readonly StoryLine[]
  readonly sentence: string
}

/** An error of the app in its own words. */
const APPS_ERROR = /\(\w*Error: [^)]*\)/g

/** Gives the sentences that the history contradicts, and why. */
type StoryCheck = (told: ToldStory) => readonly string[]

/** The facts of an event as the words that a sentence may use. */
function wordsOf(event: HistoryEvent): Set<string> {
  const words = new Set<string>()
  const add = (value: unknown): void => {
    if (typeof value === 'bigint' || typeof value === 'number') words.add(`${value}`)
    else if (typeof value === 'string') words.add(value)
    else if (Array.isArray(value)) value.forEach(add)
    else if (typeof value === 'object' && value !== null) Object.values(value).forEach(add)
  }
  add(event)
  if ('topic' in event && 'partition' in event) words.add(partitionName(event))
  if ('partitions' in event && Array.isArray(event.partitions))
    for (const at of event.partitions) words.add(partitionName(at))
  return words
}

/** Processes, partitions, offsets, generations and codes that a text names. */
function namesIn(text: string): string[] {
  const processes = text.match(/\bconsumer-\d+\b/g) ?? []
  const partitions = text.match(/[\w.-]+\/\d+/g) ?? []
  const offsets = [...text.matchAll(/@(\d+)|offset (\d+)/g)].map(([, at, offset]) => at ?? offset ?? '')
  const generations = [...text.matchAll(/generation (\d+)/g)].map(([, number]) => number ?? '')
  const codes = text.match(/\b[A-Z]{3,}_[A-Z_]+\b/g) ?? []
  return [...processes, ...partitions, ...offsets, ...generations, ...codes]
}

function unknownNames(text: string, events: readonly HistoryEvent[]): string[] {
  const known = new Set(events.flatMap((event) => [...wordsOf(event)]))
  const knows = (name: string): boolean => known.has(name) || [...known].some((word) => isIn(name, word))
  return namesIn(text).filter((name) => !knows(name))
}

/** A request's target has its process in it, a record's name its partition and its offset. */
function isIn(name: string, word: string): boolean {
  return /^\d+$/.test(name) ? word.endsWith(`@${name}`) : word.includes(name)
}

type Happened = (event: HistoryEvent, [, ...parts]: RegExpMatchArray) => boolean

const of = (event: HistoryEvent, process: string | undefined): boolean =>
  'process' in event && event.process === process

/** Claims that a headline makes with these words, each true of some event in the history. */
const HAPPENED: readonly (readonly [RegExp, Happened])[] = [
  [/(consumer-\d+) crashed/, (event, [, process]) => event.kind === 'process-crashed' && of(event, process)],
  [/(consumer-\d+) froze/, (event, [, process]) => event.kind === 'process-paused' && of(event, process)],
  [/(consumer-\d+) exited/, (event, [, process]) => event.kind === 'process-exited' && of(event, process)],
  [
    /(consumer-\d+) was removed from the group/,
    (event, [, process]) => event.kind === 'member-removed' && of(event, process),
  ],
  [
    /(consumer-\d+) committed offset (\d+)/,
    (event, [, process, offset]) =>
      event.kind === 'commit' &&
      event.phase === 'applied' &&
      of(event, process) &&
      `${event.offset}` === offset,
  ],
  [
    /resumed at (\d+)/,
    (event, [, offset]) =>
      (event.kind === 'offset-fetched' || event.kind === 'handler-start') && `${event.offset}` === offset,
  ],
  [
    /commit (?:of offset \d+ )?was refused \(([A-Z_]+)/,
    (event, [, code]) => 'error' in event && event.error === code,
  ],
  [/(consumer-\d+) owns (\S+\/\d+)/, (event, [, process]) => event.kind === 'believes' && of(event, process)],
  [
    /(consumer-\d+) fails on it/,
    (event, [, process]) =>
      (event.kind === 'handler-failure' || event.kind === 'batch-end') && of(event, process),
  ],
]

/**
 * Lines that a process draws while it is dead or frozen: none but its own end and its awakening.
 */
const PROCESS = /^[a-z][\w-]*-\d+$/

const LIFE: ReadonlySet<string> = new Set([
  'process-started',
  'process-crashed',
  'process-exited',
  'process-paused',
  'process-resumed',
  'shutdown-timeout',
])

/** The checks by what each finds to be so; an empty list where it is. */
export const STORY_CHECKS: Readonly<Record<string, StoryCheck>> = {
  'has a headline whose every clause holds'({ events, finding, sentence }) {
    const { result, causes } = headlineOf(scopeOf(events, finding))
    const clauses = [result, ...causes]
    const denied = clauses.flatMap(({ denies }) =>
      denies === undefined
        ? []
        : events.filter(({ seq }) => seq > denies.after && seq < denies.before).filter(denies.what),
    )
    const evidence = [
      ...clauses.flatMap((clause) => clause.shownBy),
      ...finding.events.map((seq) => events[seq]),
    ].filter((event) => event !== undefined)
    const untrue = HAPPENED.flatMap(([words, happened]) =>
      [...sentence.matchAll(new RegExp(words, 'g'))].filter(
        (match) => !events.some((event) => happened(event, match)),
      ),
    )
    return [
      ...denied.map(({ seq }) => `event ${seq} denies '${sentence}'`),
      ...unknownNames(sentence, evidence).map((name) => `'${name}' is in no evidence of '${sentence}'`),
      ...untrue.map(([clause]) => `no event is '${clause}'`),
    ]
  },

  'has lines whose names are those of the events that they tell': ({ events, story }) =>
    story
      .filter(({ mark }) => mark !== 'rounds')
      .flatMap((line) => {
        const its = line.events.flatMap((seq) => events[seq] ?? [])
        if (its.length === 0) return [`'${line.text}' tells no event`]
        return [
          ...unknownNames(`${line.text}`, its).map((name) => `'${name}' is in no event of '${line.text}'`),
          ...(line.timeUs === its[0]?.timeUs ? [] : [`'${line.text}' stands at another time`]),
        ]
      }),

  'has no line of a process that is dead or frozen': ({ events, story }) =>
    story.flatMap(({ lane, events: seqs, text }) => {
      const [event] = seqs.flatMap((seq) => events[seq] ?? [])
      if (event === undefined || !PROCESS.test(lane) || LIFE.has(event.kind)) return []
      const turned = events.slice(0, event.seq).findLast((each) => LIFE.has(each.kind) && of(each, lane))
      const lives = turned === undefined || ['process-started', 'process-resumed'].includes(turned.kind)
      return lives ? [] : [`'${text}' follows ${turned.kind}`]
    }),

  'has one line where each fault strikes'({ events, story }) {
    const begun = events.flatMap((event) =>
      event.kind === 'fault' && event.phase === 'begins' ? [event.index] : [],
    )
    const struck = story.flatMap(({ fault }) => (fault === undefined ? [] : [fault]))
    const [all, told] = [begun.toSorted(), struck.toSorted()].map(String)
    return all === told ? [] : [`faults ${all} strike, and ${told} are told`]
  },

  'says what was never processed of nothing that was'({ events, story }) {
    const [, name] = /^(\S+\/\d+@\d+) is never processed$/.exec(story.at(-1)?.text ?? '') ?? []
    if (name === undefined) return []
    const written = events.findLast((event) => event.kind === 'append' && recordName(event) === name)
    const since = written?.seq ?? 0
    const begun = events.find(
      (event) => event.kind === 'handler-start' && event.seq > since && recordName(event) === name,
    )
    const done =
      begun !== undefined &&
      events.some((event) => event.kind === 'effect' && event.seq > begun.seq && recordName(event) === name)
    return done ? [`${name} was processed, and its story says never`] : []
  },

  'speaks plainly: no "up to", no codes of ours, no "it … it"': ({ sentence, story }) =>
    [sentence, ...story.map((line) => line.text)].filter((text) =>
      /up to|expelled|again and again|\bit\b[^,.]* and it\b|undefined|NaN/.test(
        text.replaceAll(APPS_ERROR, ''),
      ),
    ),
}

/** All that the history contradicts in a story. */
export function storyComplaints(told: ToldStory): readonly string[] {
  return Object.values(STORY_CHECKS).flatMap((check) => check(told))
}
