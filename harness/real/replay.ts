import { randomBytes } from 'node:crypto'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { tell } from '../../properties/index.ts'
import { baseFile } from '../check/base-file.ts'
import type { Confirmation, ConfirmationTry } from '../core/confirmation.ts'
import type { Counterexample, Explanation } from '../core/counterexample.ts'
import { UsageError } from '../core/errors.ts'
import type { HistoryEvent } from '../core/history.ts'
import type { App, Scenario } from '../core/scenario.ts'
import { scenarioApps } from '../scenario/apps.ts'
import { prepareScenario } from '../scenario/prepare.ts'
import { effectsOfService, releaseServices } from '../scenario/services.ts'
import { brokersFor, mayHurry, obstacle, obstacleOfServices, translated } from './applicable.ts'
import { clusterErrorOf, messageOf, RealClusterError } from './cluster/errors.ts'
import type { ChildApp } from './processes/messages.ts'
import type { Provider, RealKafka } from './providers/provider.interface.ts'
import { referenceOf } from './reference.ts'
import { type RealTry, tryOnce } from './try.ts'

/**
 * The session timeout to which `--hurry` shortens classic groups: twice the heartbeat interval of
 * both clients.
 */
const HURRIED_SESSION_MS = 6_000
/**
 * With `--hurry`, a consumer that stands still for longer than a rebalance, a session and a request
 * may take together, and a restart between them, counts as one that always will.
 */
const HURRIED_DRAIN_MS = 180_000
const SHUTDOWN_MS_DEFAULT = 180_000
const DRAIN_MS_DEFAULT = 600_000

export interface RealTarget {
  readonly counterexample: Pick<Counterexample, 'schedule' | 'violation'>
  readonly scenario: Scenario
  /** The scenario's, absolute; null: it exists only in memory, and its app is a module. */
  readonly file: string | null
}

export interface RealOptions {
  readonly provider: Provider
  readonly times: number
  /** Shorter sessions, where the schedule means the same with them, and shorter waits. */
  readonly hurry: boolean
  /**
   * In a hurry, too, sessions last as long as the clients ask: an app may have timers of its own
   * that are measured against them. Default: false.
   */
  readonly ownSessions?: boolean
  /** The number of clusters side by side. */
  readonly lanes: number
  /** The Kafka release, for example `4.1.0`. */
  readonly release: string
  /** Stops where it is: what has been tried counts. */
  readonly signal: AbortSignal
  progress(line: string): void
  /** A try is over, the nth. */
  onTry(tried: ConfirmationTry, done: number): void
}

export interface RealReplay {
  readonly confirmation: Confirmation
  /** Of the first try that reproduced it, or of the last. */
  readonly events: readonly HistoryEvent[]
  readonly explanation: Pick<Explanation, 'sentence' | 'story'> | null
}

/**
 * Replays a counterexample on a real cluster, so many times.
 * @throws UsageError, RealClusterError in one sentence
 */
export async function replayOnCluster(target: RealTarget, options: RealOptions): Promise<RealReplay> {
  try {
    return await replayed(target, options)
  } finally {
    releaseServices(target.scenario)
  }
}

async function replayed(target: RealTarget, options: RealOptions): Promise<RealReplay> {
  const { counterexample, scenario, file } = target
  const { schedule, violation } = counterexample
  const { provider, lanes } = options
  if (lanes > 1 && !provider.several)
    throw new UsageError(
      'unknown-option',
      `--lanes ${lanes} takes ${lanes} clusters, and '${provider.name}' has one; leave --lanes away, or type --provider local`,
    )
  if (lanes > 1 && Object.keys(scenario.services ?? {}).length > 0)
    throw new UsageError(
      'unknown-option',
      `--lanes ${lanes} takes as many of each service, and the scenario has one; leave --lanes away`,
    )
  const settings = scenario.broker ?? {}
  const blank: Confirmation = {
    property: violation.property,
    reproduced: 0,
    of: 0,
    cluster: null,
    how: null,
    faults: translated(schedule),
    tries: [],
    notApplicable: obstacleOfServices(scenario) ?? obstacle(schedule, settings, provider),
  }
  if (blank.notApplicable !== null) return { confirmation: blank, events: [], explanation: null }
  const base = baseFile(scenario, file)
  const prepared = await prepareScenario(scenario, { file: base })
  const reference = await referenceOf(prepared, counterexample)
  const { setting } = prepared
  const { guarantee } = setting
  const tries = new Tries(options, {
    schedule,
    apps: childApps(scenario, base),
    env: scenario.env ?? {},
    envOfApps: Object.fromEntries(scenarioApps(scenario).map((each) => [each.name, each.env])),
    graceMs: guarantee.options.shutdownMs ?? SHUTDOWN_MS_DEFAULT,
    drainMs: Math.min(
      guarantee.options.drainMs ?? DRAIN_MS_DEFAULT,
      options.hurry ? HURRIED_DRAIN_MS : Number.POSITIVE_INFINITY,
    ),
    hurried: options.hurry,
    sessionMsMax: shortens(options) && mayHurry(schedule) ? HURRIED_SESSION_MS : null,
    setting,
    reference,
    property: violation.property,
    invariants: scenario.invariants ?? {},
    restMs: scenario.restMs ?? 0,
    services: prepared.services,
    effectsOfService: effectsOfService(scenario),
    identity: scenario.identity,
  })
  const { title, how } = await tries
    .run({ brokers: brokersFor(schedule), settings })
    .catch((error: unknown) => {
      throw clusterErrorOf(error)
    })
  return toldOf({ ...blank, cluster: title, how }, tries)
}

function shortens({ hurry, ownSessions = false }: RealOptions): boolean {
  return hurry && !ownSessions
}

const NO_CLUSTER = { title: 'no cluster', how: 'none was started' }

type TryPlan = Omit<Parameters<typeof tryOnce>[0], 'kafka' | 'prefix' | 'signal'>

/** Several tries, over several clusters side by side. */
class Tries {
  readonly done: RealTry[] = []
  readonly summaries: ConfirmationTry[] = []
  readonly #options: RealOptions
  readonly #plan: TryPlan
  #left: number

  constructor(options: RealOptions, plan: TryPlan) {
    this.#options = options
    this.#plan = plan
    this.#left = options.times
  }

  async run(wanted: {
    readonly brokers: number
    readonly settings: Scenario['broker'] & {}
  }): Promise<{ readonly title: string; readonly how: string }> {
    const lanes = Math.min(this.#options.lanes, this.#options.times)
    const told = await Promise.all(Array.from({ length: lanes }, () => this.#lane(wanted)))
    return told[0] ?? NO_CLUSTER
  }

  async #lane(wanted: {
    readonly brokers: number
    readonly settings: Scenario['broker'] & {}
  }): Promise<{ readonly title: string; readonly how: string }> {
    const { provider, release, progress, signal } = this.#options
    const failed = new AbortController()
    const onFailure = (why: string): void => failed.abort(new RealClusterError(why))
    const kafka = await provider
      .start({ ...wanted, release, signal, onFailure, progress })
      .catch((error: unknown) => {
        if (signal.aborted) return null
        throw error
      })
    if (kafka === null) return NO_CLUSTER
    try {
      while (this.#left > 0 && !signal.aborted) {
        this.#left -= 1
        await this.#try(kafka, AbortSignal.any([signal, failed.signal]))
      }
      return { title: kafka.title, how: kafka.how }
    } finally {
      // What was tried is not lost with it.
      await kafka.stop().catch((error: unknown) => progress(messageOf(error)))
    }
  }

  async #try(kafka: RealKafka, signal: AbortSignal): Promise<void> {
    const prefix = `onceover-${randomBytes(3).toString('hex')}-`
    try {
      const tried = await tryOnce({ ...this.#plan, kafka, prefix, signal })
      const summary = summaryOf(tried, this.#plan)
      this.done.push(tried)
      this.summaries.push(summary)
      this.#options.onTry(summary, this.done.length)
    } catch (error) {
      // An interrupt still reports the tries that were finished.
      if (!this.#options.signal.aborted) throw signal.aborted ? signal.reason : error
    }
  }
}

function summaryOf(
  { events, verdict, ms, diverged, disturbed, skipped, toxiproxy }: RealTry,
  { property, schedule }: TryPlan,
): ConfirmationTry {
  const found = verdict.violations.find((each) => each.property === property)
  const finding = disturbed === null ? found : undefined
  const began = new Map(
    events.flatMap((event) =>
      event.kind === 'fault' && event.phase === 'begins' ? [[event.index, event.timeUs / 1000]] : [],
    ),
  )
  const reasons = new Map(skipped.map(({ index, reason }) => [index, reason]))
  const others = verdict.violations.map((each) => each.property).filter((each) => each !== property)
  return {
    reproduced: finding !== undefined,
    ms,
    sentence: finding?.message ?? null,
    also: [...new Set(others)],
    faults: schedule.faults.map((_, index) => {
      const reason = reasons.get(index)
      return reason === undefined ? { beganMs: began.get(index) ?? 0 } : { skipped: reason }
    }),
    diverged: disturbed === null ? diverged : [disturbed, ...diverged],
    toxiproxy,
  }
}

function toldOf(blank: Confirmation, tries: Tries): RealReplay {
  const { property } = blank
  const { summaries, done } = tries
  const at = summaries.findIndex(({ reproduced }) => reproduced)
  const shown = done.at(at)
  const finding = shown?.verdict.violations.find((each) => each.property === property)
  const events = shown?.events ?? []
  return {
    confirmation: {
      ...blank,
      reproduced: summaries.filter(({ reproduced }) => reproduced).length,
      of: summaries.length,
      tries: summaries,
    },
    events,
    explanation: finding === undefined ? null : tell({ events }, finding),
  }
}

/** By the app's name. */
function childApps(scenario: Scenario, base: string | null): Readonly<Record<string, ChildApp>> {
  const apps = scenarioApps(scenario).map(({ name, app }) => [name, childApp(scenario, app, base)] as const)
  return Object.fromEntries(apps)
}

function childApp({ name }: Scenario, app: App, base: string | null): ChildApp {
  if (typeof app === 'function') {
    if (base !== null) return { file: base, scenario: name }
    throw new UsageError(
      'bad-scenario',
      `the app of '${name}' is a function in no file, which a process of its own can't load; write app: { module: './consumer.ts' }`,
    )
  }
  if (app.module.startsWith('file:')) return { module: fileURLToPath(app.module) }
  return { module: path.resolve(path.dirname(base ?? process.cwd()), app.module) }
}
