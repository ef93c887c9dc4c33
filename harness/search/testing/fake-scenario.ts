import { eventName, occurrenceName } from '../../core/event-names.ts'
import { FAULT_KINDS, type FaultKind } from '../../core/fault.ts'
import type { HistoryEvent, Observation, SkippedFault } from '../../core/history.ts'
import { historyHash } from '../../core/history-text.ts'
import type { Schedule, Workload } from '../../core/schedule.ts'
import type { Finding, PropertyName } from '../../core/verdict.ts'
import type { PreparedScenario, RunResult } from '../../run/run.interface.ts'

/** The part of a run that a fake scenario's defect may look at, after each event. */
export interface FakeRun {
  readonly schedule: Schedule
  readonly events: readonly HistoryEvent[]
  /** Indexes of the faults that have begun. */
  readonly begun: ReadonlySet<number>
  /** Names of the events so far, with their occurrences. */
  readonly names: ReadonlySet<string>
}

export interface FakeOptions {
  readonly workload?: Partial<Workload>
  readonly kinds?: readonly FaultKind[]
  /** Judged once, at the end: the defect's finding, or null where all is well. */
  readonly defect?: (run: FakeRun) => PropertyName | null
  /** The verdict where there is no finding. */
  readonly otherwise?: 'held' | 'undecided'
  /** Messages of the app's `sometimes` that have come true by now; asked after each event. */
  readonly goals?: (run: Pick<FakeRun, 'events'>) => readonly string[]
  /** A source of non-determinism: changes the label of the effects of this run (counted from 1). */
  readonly leak?: (run: number) => string
}

export interface FakeScenario extends PreparedScenario {
  /** Every schedule that was run, in order. */
  readonly runs: Schedule[]
}

/** Records in turn over the partitions. */
export function fakeWorkload({ consumers = 2, brokers = 1, topics, records }: Partial<Workload>): Workload {
  const partitions = 2
  return {
    consumers,
    brokers,
    topics: topics ?? { orders: { partitions, startOffset: '0' } },
    records:
      records ??
      Array.from({ length: 6 }, (_, index) => ({
        topic: 'orders',
        partition: index % partitions,
        key: null,
        value: `order ${index}`,
        atMs: 0,
      })),
  }
}

/**
 * A scenario without a cluster: a pure function from schedule to history. Partition p belongs to
 * process p modulo the number of processes; each process joins, then handles and commits one record
 * after the other. Faults act on nothing but the history: what they break is the defect's business.
 */
export function fakeScenario(options: FakeOptions = {}): FakeScenario {
  const runs: Schedule[] = []
  const workload = fakeWorkload(options.workload ?? {})
  return {
    name: 'fake',
    file: null,
    guarantee: { model: 'at-least-once', options: {} },
    setting: {
      guarantee: { model: 'at-least-once', options: {} },
      effects: 'handlers',
      consumed: ['orders'],
    },
    faultKinds: options.kinds ?? FAULT_KINDS,
    impossible: [],
    remarks: [],
    consumed: ['orders'],
    acls: [],
    wire: { staticMembers: false, awaitsReplicas: false },
    expiriesMs: [],
    services: [],
    serviceVersions: {},
    serviceErrors: {},
    assertions: [],
    client: 'none',
    timeZone: 'UTC',
    timings: {
      sessionTimeoutMs: 30_000,
      rebalanceTimeoutMs: 60_000,
      heartbeatIntervalMs: 3_000,
      requestTimeoutMs: 30_000,
      retriesMs: 9_300,
    },
    workload: () => workload,
    values: () => [],
    runs,
    run(schedule: Schedule): Promise<RunResult> {
      runs.push(schedule)
      return Promise.resolve(runFake(schedule, options, runs.length))
    },
  }
}

function runFake(schedule: Schedule, options: FakeOptions, run: number): RunResult {
  const label = options.leak?.(run) ?? 'saved'
  const recorder = new FakeRecorder(schedule, options.goals)
  const { steps, names } = storyOf(schedule.workload, label)
  for (const step of steps) recorder.observe(step)
  const { events, begun } = recorder
  const property = options.defect?.({ schedule, events, begun, names }) ?? null
  const finding: Finding | null =
    property === null ? null : { property, message: `fake ${property}`, events: [events.length - 1] }
  const skipped: SkippedFault[] = schedule.faults.flatMap(({ kind }, index) =>
    begun.has(index) ? [] : [{ index, kind, reason: 'its event never happened' }],
  )
  let hash: string | null = null
  return {
    schedule,
    history: { events },
    verdict: {
      verdict: finding === null ? (options.otherwise ?? 'held') : 'violated',
      properties:
        options.otherwise === 'undecided'
          ? { 'lost-record': { outcome: 'undecided', reason: 'the fake cannot say' } }
          : {},
      violations: finding === null ? [] : [finding],
      notes: [],
      assertions: [...recorder.reached].map((message) => ({ ...SOMETIMES, message, met: true })),
    },
    skipped,
    app: {
      consumed: [],
      clients: [],
      reportsEffects: true,
      usesStore: false,
      wire: { staticMembers: false, awaitsReplicas: false },
    },
    stats: { dispatched: events.length, virtualMs: events.length, wallMs: 0 },
    historyHash: () => (hash ??= historyHash(events)),
  }
}

const SOMETIMES = { assertion: 'sometimes' } as const

class FakeRecorder {
  readonly events: HistoryEvent[] = []
  readonly begun: Set<number> = new Set()
  readonly reached: Set<string> = new Set()
  readonly #schedule: Schedule
  readonly #goals: FakeOptions['goals']

  constructor(schedule: Schedule, goals: FakeOptions['goals']) {
    this.#schedule = schedule
    this.#goals = goals
  }

  observe({ observation, name }: FakeStep): void {
    this.#push(observation)
    if (name === null) return
    this.#schedule.faults.forEach((fault, index) => {
      const now = 'event' in fault.at ? fault.at.event === name : this.events.length === 1
      if (!now) return
      this.begun.add(index)
      this.#push({ kind: 'fault', index, fault, phase: 'begins' })
    })
    for (const message of this.#goals?.({ events: this.events }) ?? []) {
      if (this.reached.has(message)) continue
      this.reached.add(message)
      const told = { ...SOMETIMES, condition: true, message, process: 'consumer-0', incarnation: 1 }
      this.#push({ kind: 'assertion', ...told })
    }
  }

  #push(observation: Observation): void {
    this.events.push({ ...observation, seq: this.events.length, timeUs: this.events.length * 1_000 })
  }
}

interface FakeStep {
  readonly observation: Observation
  /** With its occurrence; null: nothing is placed at it. */
  readonly name: string | null
}

interface FakeStory {
  readonly steps: readonly FakeStep[]
  readonly names: ReadonlySet<string>
}

/** By workload and label: thousands of runs have the same one. */
const stories = new WeakMap<Workload, Map<string, FakeStory>>()

function storyOf(workload: Workload, label: string): FakeStory {
  const known = stories.get(workload) ?? new Map<string, FakeStory>()
  stories.set(workload, known)
  const story = known.get(label) ?? tellStory(workload, label)
  known.set(label, story)
  return story
}

function tellStory(workload: Workload, label: string): FakeStory {
  const occurrences = new Map<string, number>()
  const steps = [...fakeObservations(workload, label)].map((observation): FakeStep => {
    const bare = eventName(observation)
    if (bare === null) return { observation, name: null }
    const occurrence = (occurrences.get(bare) ?? 0) + 1
    occurrences.set(bare, occurrence)
    return { observation, name: occurrenceName(bare, occurrence) }
  })
  return { steps, names: new Set(steps.flatMap(({ name }) => name ?? [])) }
}

function* fakeObservations({ consumers, topics, records }: Workload, label: string): Generator<Observation> {
  const group = 'work'
  const next = new Map<string, bigint>()
  const placed = records.map(({ topic, partition, value }) => {
    const key = `${topic}/${partition}`
    const offset = next.get(key) ?? BigInt(topics[topic]?.startOffset ?? 0)
    next.set(key, offset + 1n)
    return { topic, partition, offset, value: typeof value === 'string' ? value : null }
  })
  for (const record of placed) yield { kind: 'append', process: null, key: null, producer: null, ...record }
  const ordinals = new Map<string, number>()
  const request = (process: string, api: string): Observation[] => {
    const ordinal = (ordinals.get(`${process} ${api}`) ?? 0) + 1
    ordinals.set(`${process} ${api}`, ordinal)
    const phases = ['sent', 'received', 'applied', 'acknowledged'] as const
    const same = {
      kind: 'request',
      api,
      ordinal,
      process,
      incarnation: 1,
      broker: 'broker-0',
      error: null,
    } as const
    return phases.map((phase) => ({ ...same, phase }))
  }
  const memberOf = (index: number): string => `consumer-${index}`
  for (let index = 0; index < consumers; index += 1) {
    const by = { process: memberOf(index), incarnation: 1 }
    yield { kind: 'process-started', ...by }
    yield* request(by.process, 'JoinGroup')
    yield { kind: 'believes', group, memberId: by.process, generation: 1, partitions: [], ...by }
  }
  for (const { topic, partition, offset } of placed) {
    const by = { process: memberOf(partition % consumers), incarnation: 1 }
    const record = { topic, partition, offset }
    yield* request(by.process, 'Fetch')
    yield { kind: 'handler-start', group, ...by, ...record }
    yield { kind: 'effect', label, via: 'record', ...by, ...record }
    yield { kind: 'handler-end', group, ...by, ...record }
    yield* request(by.process, 'OffsetCommit')
  }
}
