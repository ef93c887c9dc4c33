import { definitionOf, type Fault, type FaultKind, faultsOf, type Hold } from '../../core/fault.ts'
import { jsonText } from '../../core/json.ts'
import { processName } from '../../core/names.ts'
import { appOf, appsOf, withProcesses } from '../../core/processes.ts'
import type { Schedule } from '../../core/schedule.ts'
import type { Stream } from '../../core/seed.ts'
import type { Knowledge } from '../knowledge.ts'
import type { LearntRun } from '../learnt-run.ts'
import { freshBase } from './workload.ts'

const TRIES = 12

/** The start of a new schedule, and the run that shows which events it will have. */
export interface Ground {
  readonly schedule: Schedule
  readonly run: LearntRun
}

/** The fault-free schedule with other latencies. */
export function freshGround(random: Stream, knowledge: Knowledge): Ground {
  return { schedule: freshBase(random, knowledge), run: knowledge.calm }
}

/**
 * The schedule to build on: half of the time the fault-free one, else one of the last runs with few
 * enough faults.
 */
export function ground(random: Stream, knowledge: Knowledge, faultsMax: number): Ground {
  if (random.oneIn(1, 2)) return freshGround(random, knowledge)
  const run = knowledge.recent(random, faultsMax)
  return run === knowledge.calm ? freshGround(random, knowledge) : { schedule: run.schedule, run }
}

/**
 * Actor first: a process or a broker, then a family of faults and a kind of it, then one of the
 * actor's events, then the values. Null where no kind fits anywhere.
 */
export function drawFault(random: Stream, run: LearntRun): Fault | null {
  const { actors, menu } = run
  if (actors.length === 0 || menu.kinds.length === 0) return null
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const { places, families } = random.pick(actors)
    if (families.length === 0) continue
    const kind = random.pick(random.pick(families))
    const options = faultsOf(kind, random.pick(places), menu)
    if (options.length > 0) return random.pick(options)
  }
  const fitting = menu.kinds.filter((kind) => run.placesOf(kind).length > 0)
  return fitting.length === 0 ? null : drawFaultOf(random.pick(fitting), random, run)
}

/** A fault of this kind at any place where it fits. */
export function drawFaultOf(kind: FaultKind, random: Stream, run: LearntRun): Fault | null {
  const places = run.placesOf(kind)
  return places.length === 0 ? null : random.pick(faultsOf(kind, random.pick(places), run.menu))
}

/** Up to `count` holds, each point of the run as likely as any other. */
export function drawHolds(random: Stream, count: number, { holdable, menu }: LearntRun): Hold[] {
  if (count === 0 || holdable.length === 0) return []
  const chosen = new Set(Array.from({ length: count }, () => random.pick(holdable)))
  return [...chosen].map(({ name }) => ({ event: name, durationMs: random.pick(menu.holdMs) }))
}

/**
 * The schedule with more faults and holds; of two that are the same, one. Each process that joins
 * gets its own name.
 */
export function extended(
  schedule: Schedule,
  { faults = [], holds = [] }: { readonly faults?: readonly Fault[]; readonly holds?: readonly Hold[] },
): Schedule {
  const held = new Set(schedule.holds.map(({ event }) => event))
  const known = new Set(schedule.faults.map(textOf))
  let { workload } = schedule
  const all = [...schedule.faults, ...faults.filter((fault) => !known.has(textOf(fault)))].map((fault) => {
    if (!definitionOf(fault.kind).target.isNew) return fault
    const app = appOf(fault.target)
    const processes = appsOf(workload)[app]?.processes ?? 0
    workload = withProcesses(workload, app, processes + 1)
    return { ...fault, target: processName(processes, app) }
  })
  return {
    ...schedule,
    faults: all,
    holds: [...schedule.holds, ...holds.filter(({ event }) => !held.has(event))],
  }
}

function textOf(fault: Fault): string {
  return jsonText(fault)
}

/** Calls `draw` `count` times and leaves out the nulls. */
export function several<T>(count: number, draw: () => T | null): T[] {
  const drawn: T[] = []
  for (let index = 0; index < count; index += 1) {
    const one = draw()
    if (one !== null) drawn.push(one)
  }
  return drawn
}
