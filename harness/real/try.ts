import { setTimeout as sleep } from 'node:timers/promises'
import { judge as createJudge } from '../../properties/index.ts'
import type { ToxiproxyCalls } from '../core/confirmation.ts'
import type { HistoryEvent, SkippedFault } from '../core/history.ts'
import type { Setting } from '../core/property.ts'
import type { Invariant } from '../core/scenario.ts'
import type { PropertyName, Verdict } from '../core/verdict.ts'
import { evaluateInvariants } from '../run/invariants.ts'
import { RealClusterError } from './cluster/errors.ts'
import { Conductor } from './conductor.ts'
import { drawsOf } from './draws.ts'
import { HeldSessions } from './held-sessions.ts'
import type { Reference } from './reference.ts'
import { RealWorld, type RealWorldOptions } from './world.ts'

/** Longest that faults may keep a run busy after the last of them was to begin. */
const SAFETY_MS = 180_000
/** Longest in a hurry, from when all faults are over. */
const HURRIED_SAFETY_MS = 45_000
const LOOK_MS = 5

export interface TryOptions
  extends Omit<
    RealWorldOptions,
    | 'conductor'
    | 'sessions'
    | 'draws'
    | 'incarnations'
    | 'judge'
    | 'stopAt'
    | 'handlersAreEffects'
    | 'onEvent'
  > {
  readonly setting: Omit<Setting, 'workload'>
  readonly reference: Reference
  readonly property: PropertyName
  readonly drainMs: number
  /** See `Scenario.restMs`. */
  readonly restMs: number
  readonly invariants: Readonly<Record<string, Invariant>>
  /** Heals and drains soon after the last fault, where the consumers are not done by then. */
  readonly hurried: boolean
  /** Stops the try where it is. */
  readonly signal: AbortSignal
  readonly onEvent?: (event: HistoryEvent) => void
}

/** The result of one try. */
export interface RealTry {
  readonly events: readonly HistoryEvent[]
  readonly verdict: Verdict
  readonly ms: number
  /** Events that should have come before others and did not, in words. */
  readonly diverged: readonly string[]
  /** Why the replay itself has changed what came of it, in one sentence, or null. */
  readonly disturbed: string | null
  readonly skipped: readonly SkippedFault[]
  readonly toxiproxy: ToxiproxyCalls
}

/**
 * Runs the schedule once on a real cluster: safety phase, then heal and drain, then the judge's
 * last word.
 */
export async function tryOnce(options: TryOptions): Promise<RealTry> {
  const { setting, schedule, reference, property } = options
  const startedMs = performance.now()
  const judge = createJudge({ ...setting, workload: schedule.workload })
  const simulated = reference.result.history.events
  const sessions = new HeldSessions({ sessionMsMax: options.sessionMsMax, simulated })
  const conductor = new Conductor(reference.items, sessions)
  const world = new RealWorld({
    ...options,
    conductor,
    sessions,
    draws: drawsOf(simulated),
    incarnations: incarnationsIn(simulated),
    judge,
    stopAt: (finding) => finding.property === property,
    handlersAreEffects: setting.effects === 'handlers',
    onEvent: options.onEvent ?? (() => {}),
  })
  const hasten = (): void => world.hasten()
  options.signal.addEventListener('abort', hasten, { once: true })
  try {
    await safetyThenDrain(world, options)
  } catch (error) {
    await world.stop({ inTrouble: true })
    throw error
  } finally {
    options.signal.removeEventListener('abort', hasten)
  }
  await world.stop({ inTrouble: world.failure !== null })
  if (world.failure !== null) throw world.failure
  const { outside } = world.services
  if (outside !== null && world.recorder.finding === null)
    throw new RealClusterError(`it takes ${outside}, which can't be shown`)
  return {
    events: world.recorder.events,
    verdict: judge.finish(),
    ms: performance.now() - startedMs,
    diverged: conductor.diverged,
    disturbed: world.disturbed,
    skipped: world.skipped(),
    toxiproxy: world.links.calls,
  }
}

async function safetyThenDrain(world: RealWorld, options: TryOptions): Promise<void> {
  const { schedule, reference, drainMs, hurried, signal, invariants, restMs } = options
  const { recorder } = world
  recorder.observe({ kind: 'phase', phase: 'safety' })
  await world.start(reference.groups)
  const lastPlannedMs = world.nowUs / 1000 + lastPlanned(schedule)
  const isLate = (): boolean => hurried && world.msSinceFaults > HURRIED_SAFETY_MS
  await until(world, signal, {
    done: () => world.nowUs / 1000 >= lastPlannedMs && (world.isQuiet || isLate()),
    deadlineMs: lastPlannedMs + longest(schedule) + SAFETY_MS,
  })
  if (recorder.finding !== null) return
  await world.cluster.demandAnswers()
  recorder.observe({ kind: 'phase', phase: 'drain' })
  world.heal()
  const deadlineMs = world.nowUs / 1000 + drainMs
  const finished = await restedUntil(world, signal, { done: () => world.finished, deadlineMs }, restMs)
  if (recorder.finding !== null) return
  await world.settle()
  await world.cluster.demandAnswers()
  if (!finished) recorder.observe({ kind: 'drain-deadline', deadlineMs: drainMs })
  recorder.observe({ kind: 'phase', phase: 'end' })
  const { outside, askable } = world.services
  await evaluateInvariants({ recorder, beyond: outside, askable }, invariants)
}

function incarnationsIn(events: readonly HistoryEvent[]): ReadonlyMap<string, number> {
  const started = new Map<string, number>()
  for (const event of events)
    if (event.kind === 'process-started') started.set(event.process, event.incarnation)
  return started
}

interface AwaitedMoment {
  done(): boolean
  /** Of the try's own clock. */
  readonly deadlineMs: number
}

/** False where the deadline came first. A violation ends the wait; a failure throws. */
async function until(
  world: RealWorld,
  signal: AbortSignal,
  { done, deadlineMs }: AwaitedMoment,
): Promise<boolean> {
  for (;;) {
    signal.throwIfAborted()
    if (world.failure !== null) throw world.failure
    if (world.recorder.finding !== null || done()) return true
    if (world.nowUs / 1000 > deadlineMs) return false
    await sleep(LOOK_MS)
  }
}

/** As `until`, and it is still so after a rest. */
async function restedUntil(
  world: RealWorld,
  signal: AbortSignal,
  awaited: AwaitedMoment,
  restMs: number,
): Promise<boolean> {
  for (;;) {
    if (!(await until(world, signal, awaited))) return false
    if (restMs === 0 || world.recorder.finding !== null) return true
    await until(world, signal, { done: () => !awaited.done(), deadlineMs: world.nowUs / 1000 + restMs })
    if (awaited.done()) return true
  }
}

/** How long the schedule's faults last at most: none is healed before its time. */
export function longest({ faults }: Pick<TryOptions['schedule'], 'faults'>): number {
  return Math.max(0, ...faults.map((fault) => ('durationMs' in fault ? fault.durationMs : 0)))
}

function lastPlanned({ faults, workload }: TryOptions['schedule']): number {
  const moments = faults.map(({ at }) => ('atMs' in at ? at.atMs : 0))
  return Math.max(0, ...moments, ...workload.records.map(({ atMs }) => atMs))
}
