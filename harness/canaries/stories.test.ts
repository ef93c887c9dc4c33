import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { tell } from '../../properties/index.ts'
import { headlineOf } from '../../properties/story/headline.ts'
import { scopeOf } from '../../properties/story/scope.ts'
import type { HistoryEvent } from '../core/history.ts'
import { partitionName, recordName } from '../core/names.ts'
import type { Schedule } from '../core/schedule.ts'
import type { StoryLine } from '../core/story.ts'
import type { Finding, PropertyName } from '../core/verdict.ts'
import { loadScenarioFile } from '../scenario/load.ts'
import { prepareScenario } from '../scenario/prepare.ts'

/*
 * Every sentence that the bundled counterexamples are told with, held against their histories by
 * data: a name, an offset or an error that a sentence mentions is in the events that it tells, and
 * what a verb says happened, happened.
 */

const ROOT = path.resolve(import.meta.dirname, '../..')

interface ToldCounterexample {
  readonly scenario: string
  readonly name: string
  readonly property: PropertyName
  readonly schedule: Schedule
}

/** Shrunk counterexamples of the mutants; the museum and the field have theirs in replay files. */
const COUNTEREXAMPLES: readonly ToldCounterexample[] = [
  ...(JSON.parse(
    readFileSync(path.join(import.meta.dirname, 'counterexamples.json'), 'utf8'),
  ) as readonly ToldCounterexample[]),
  ...globSync(path.join(ROOT, 'scenarios/{museum,field}/*.json'))
    .sort()
    .map((file): ToldCounterexample => {
      const { scenario, schedule, violation } = JSON.parse(readFileSync(file, 'utf8'))
      const at = path.relative(ROOT, path.join(path.dirname(file), scenario.file))
      return { scenario: at, name: scenario.name, property: violation.property, schedule }
    }),
]

interface Shown {
  readonly events: readonly HistoryEvent[]
  readonly finding: Finding
  readonly story: readonly StoryLine[]
  readonly sentence: string
}

async function shownBy({ scenario, name, property, schedule }: ToldCounterexample): Promise<Shown> {
  const file = path.join(ROOT, scenario)
  const loaded = await loadScenarioFile(file)
  const found = loaded.find((each) => each.scenario.name === name)
  if (found === undefined) throw new Error(`${scenario} has no scenario '${name}'`)
  const prepared = await prepareScenario(found.scenario, { file })
  const { history, verdict } = await prepared.run(schedule, { stopAt: property })
  const finding = verdict.violations.find((each) => each.property === property)
  if (finding === undefined) throw new Error(`${name} no longer shows ${property}`)
  return { events: history.events, finding, ...tell(history, finding) }
}

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
const LIFE: ReadonlySet<string> = new Set([
  'process-started',
  'process-crashed',
  'process-exited',
  'process-paused',
  'process-resumed',
  'shutdown-timeout',
])

describe.each(COUNTEREXAMPLES)('$name ($property)', (counterexample) => {
  let told: Shown
  beforeAll(async () => {
    told = await shownBy(counterexample)
  })

  it('has a headline whose every clause holds', () => {
    const { events, finding, sentence } = told
    const scope = scopeOf(events, finding)
    const { result, causes } = headlineOf(scope)
    for (const { denies } of [result, ...causes]) {
      if (denies === undefined) continue
      const denied = events.filter(
        (event) => event.seq > denies.after && event.seq < denies.before && denies.what(event),
      )
      expect(denied).toEqual([])
    }
    const evidence = [
      ...[result, ...causes].flatMap((clause) => clause.shownBy),
      ...finding.events.map((seq) => events[seq]),
    ]
    expect(
      unknownNames(
        sentence,
        evidence.filter((event) => event !== undefined),
      ),
    ).toEqual([])
    for (const [words, happened] of HAPPENED) {
      for (const match of sentence.matchAll(new RegExp(words, 'g')))
        expect([match[0], events.some((event) => happened(event, match))]).toEqual([match[0], true])
    }
  })

  it('has lines whose names are those of the events that they tell', () => {
    const { events, story } = told
    for (const line of story.filter(({ mark }) => mark !== 'rounds')) {
      const its = line.events.flatMap((seq) => events[seq] ?? [])
      expect([line.text, its.length > 0]).toEqual([line.text, true])
      expect([line.text, unknownNames(`${line.text}`, its)]).toEqual([line.text, []])
      expect(line.timeUs).toBe(its[0]?.timeUs)
    }
  })

  it('has no line of a process that is dead or frozen', () => {
    const { events, story } = told
    for (const { lane, events: seqs, text } of story) {
      const [event] = seqs.flatMap((seq) => events[seq] ?? [])
      if (event === undefined || !/^consumer-\d+$/.test(lane) || LIFE.has(event.kind)) continue
      const turned = events.slice(0, event.seq).findLast((each) => LIFE.has(each.kind) && of(each, lane))
      expect([text, turned?.kind ?? 'process-started']).toEqual([
        text,
        expect.stringMatching(/^process-(started|resumed)$/),
      ])
    }
  })

  it('has one line where each fault strikes', () => {
    const { events, story } = told
    const begun = events.flatMap((event) =>
      event.kind === 'fault' && event.phase === 'begins' ? [event.index] : [],
    )
    const struck = story.flatMap(({ fault }) => (fault === undefined ? [] : [fault]))
    expect(struck.sort()).toEqual(begun.sort())
  })

  it('says what was never processed of nothing that was', () => {
    const { events, story } = told
    const last = story.at(-1)
    const [, name = ''] = /^(\S+\/\d+@\d+) is never processed$/.exec(last?.text ?? '') ?? []
    if (name === '') return
    const written = events.findLast((event) => event.kind === 'append' && recordName(event) === name)
    const begun = events.filter(
      (event) =>
        event.kind === 'handler-start' && recordName(event) === name && event.seq > (written?.seq ?? 0),
    )
    const done = events.filter(
      (event) =>
        event.kind === 'effect' &&
        recordName(event) === name &&
        begun.some(({ seq }) => seq < event.seq && seq > (written?.seq ?? 0)),
    )
    expect(done).toEqual([])
  })

  it('speaks plainly: no "up to", no codes of ours, no "it … it"', () => {
    const { sentence, story } = told
    for (const text of [sentence, ...story.map((line) => line.text)])
      expect(text).not.toMatch(/up to|expelled|again and again|\bit\b[^,.]* and it\b|undefined|NaN/)
  })
})
