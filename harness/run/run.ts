import { judge as createJudge } from '../../properties/index.ts'
import { RunStopped } from '../core/errors.ts'
import { lengthMs } from '../core/fault.ts'
import { historyHash } from '../core/history-text.ts'
import type { Setting } from '../core/property.ts'
import type { AppContext, EffectsOfService, Invariant } from '../core/scenario.ts'
import type { Schedule } from '../core/schedule.ts'
import type { Verdict } from '../core/verdict.ts'
import { watchLeaks } from '../sim/leaks.ts'
import type { SimProcess, StopReason } from '../sim/simulation.interface.ts'
import { evaluateInvariants } from './invariants.ts'
import type { RunOptions, RunResult } from './run.interface.ts'
import type { ReadyService } from './services.ts'
import { World } from './world.ts'

/**
 * Longest that faults may keep a run busy after the last of them began, in virtual microseconds.
 */
const SAFETY_US = 180_000_000
/** The same behind a fault that is longer than that. */
const AFTERWARDS_US = 60_000_000
const DRAIN_MS_DEFAULT = 600_000
const SHUTDOWN_MS_DEFAULT = 180_000
const EVENTS_BETWEEN_STOPS = 512

export interface RunPlan {
  readonly setting: Omit<Setting, 'workload' | 'holds'>
  readonly settings: Readonly<Record<string, string | number | boolean>>
  /** Of each of several clusters. */
  readonly settingsOfClusters: Readonly<Record<string, Readonly<Record<string, string | number | boolean>>>>
  readonly env: Readonly<Record<string, string>>
  /** See `Scenario.restMs`. */
  readonly restMs: number
  /** On top of `env`, for the processes of each app. */
  readonly envOfApps: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** Topics that the app may consume, where it is not known yet which ones it does. */
  readonly awaited?: readonly string[]
  readonly main: (context: AppContext, process: SimProcess) => unknown
  readonly services: readonly ReadyService[]
  /** Where effects stand, if they stand in a service. */
  readonly effectsOfService: EffectsOfService | null
  readonly invariants: Readonly<Record<string, Invariant>>
}

/**
 * Scenario and schedule in, history and verdict out: safety phase, then heal and drain, then the
 * judge's last word.
 */
export async function runSchedule(
  plan: RunPlan,
  schedule: Schedule,
  options: RunOptions = {},
): Promise<RunResult> {
  const startedAt = performance.now()
  const { stopAt = 'first-violation', watchLeaks: watching = false } = options
  const { guarantee } = plan.setting
  const judge = createJudge({
    ...plan.setting,
    workload: schedule.workload,
    holds: schedule.holds.length > 0,
  })
  const world = new World({
    schedule,
    judge,
    stopAt: (finding) => stopAt === 'first-violation' || stopAt === finding.property,
    handlersAreEffects: plan.setting.effects === 'handlers',
    awaited: plan.awaited ?? plan.setting.consumed,
    graceMs: guarantee.options.shutdownMs ?? SHUTDOWN_MS_DEFAULT,
    settings: plan.settings,
    settingsOfClusters: plan.settingsOfClusters,
    env: plan.env,
    envOfApps: plan.envOfApps,
    restMs: plan.restMs,
    main: plan.main,
    watch: options.watch,
    branch: options.branch,
    output: options.output,
    services: plan.services,
    effectsOfService: plan.effectsOfService,
    identity: plan.setting.identity,
  })
  const leaks = watching ? watchLeaks() : null
  try {
    const drainMs = guarantee.options.drainMs ?? DRAIN_MS_DEFAULT
    await safetyThenDrain(world, schedule, { drainMs, restMs: plan.restMs }, stopper(options.stop))
    await evaluateInvariants(world, plan.invariants)
    leaks?.demandNone()
  } finally {
    leaks?.stop()
    world.dispose()
  }
  const { events } = world.recorder
  let hash: string | null = null
  return {
    schedule,
    history: { events },
    verdict: verdictOf(world, judge),
    skipped: world.skipped(),
    app: world.app,
    stats: {
      dispatched: world.simulation.events,
      virtualMs: world.simulation.nowUs / 1000,
      wallMs: performance.now() - startedAt,
    },
    historyHash: () => (hash ??= historyHash(events)),
  }
}

/** A run that needs what a service can't show says nothing, whatever it showed. */
function verdictOf({ beyond, recorder }: World, judge: { finish(): Verdict }): Verdict {
  const verdict = judge.finish()
  if (beyond === null || recorder.finding !== null) return verdict
  return { verdict: 'undecided', beyond, properties: {}, violations: [], notes: [] }
}

/** Asks `stop` once in many calls, since it looks at a clock. */
function stopper(stop: (() => boolean) | undefined): () => void {
  let asked = 0
  return () => {
    asked += 1
    if (asked % EVENTS_BETWEEN_STOPS === 0 && stop?.() === true) throw new RunStopped()
  }
}

async function safetyThenDrain(
  world: World,
  schedule: Schedule,
  { drainMs, restMs }: { readonly drainMs: number; readonly restMs: number },
  demandTime: () => void,
): Promise<void> {
  const { recorder, simulation } = world
  const violated = (): boolean => {
    demandTime()
    return recorder.finding !== null || world.beyond !== null
  }
  const lastPlannedUs = lastPlannedMs(schedule) * 1000

  recorder.observe({ kind: 'phase', phase: 'safety' })
  const quiet = (): boolean => violated() || (simulation.nowUs >= lastPlannedUs && world.quiet)
  const longestUs = Math.max(0, ...schedule.faults.map(lengthMs)) * 1000
  const safetyUs = longestUs < SAFETY_US ? SAFETY_US : longestUs + AFTERWARDS_US
  const safety = await simulation.run({ until: quiet, deadlineUs: lastPlannedUs + safetyUs })
  if (ended(world, safety)) return

  recorder.observe({ kind: 'phase', phase: 'drain' })
  const heard = world.heal()
  // A rest is no work that is late.
  const drainDeadlineUs = simulation.nowUs + (drainMs + restMs) * 1000
  // A client that hears only now that something was lost, or was refused until now, has the whole
  // rest to try again.
  const restedUs = simulation.nowUs + (heard ? restMs * 1000 : 0)
  if (heard) simulation.after(restMs * 1000, () => {})
  const until = (): boolean => violated() || (world.finished && simulation.nowUs >= restedUs)
  const drain = await simulation.run({ until, deadlineUs: drainDeadlineUs })
  if (ended(world, drain)) return
  // A process that was asked to end is not late while it has time to.
  if (world.onlyEnding) {
    const ending = await simulation.run({ until, deadlineUs: simulation.nowUs + world.graceMs * 1000 })
    if (ended(world, ending)) return
  }
  if (!world.finished) recorder.observe({ kind: 'drain-deadline', deadlineMs: drainMs })
  recorder.observe({ kind: 'phase', phase: 'end' })
}

/** A violation or a hot loop ends the run where it is. */
function ended({ recorder, simulation, beyond }: World, reason: StopReason): boolean {
  if (recorder.finding !== null || beyond !== null) return true
  if (reason !== 'hot-loop') return false
  recorder.observe({ kind: 'hot-loop', process: null, events: simulation.hotLoopEvents })
  return true
}

/** The latest virtual time at which the schedule itself has something to do. */
function lastPlannedMs({ faults, workload }: Schedule): number {
  let lastMs = 0
  for (const { atMs } of workload.records) lastMs = Math.max(lastMs, atMs)
  for (const { at } of faults) if ('atMs' in at) lastMs = Math.max(lastMs, at.atMs)
  return lastMs
}
