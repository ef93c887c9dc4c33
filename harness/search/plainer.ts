import { earlierNames, processOfEvent } from '../core/event-names.ts'
import { definitionOf, type Fault, type FaultKind, type Hold, withField } from '../core/fault.ts'
import { crash, crashOf } from '../core/faults/crash.ts'
import { rounderMs } from '../core/faults/fields.ts'
import type { Schedule } from '../core/schedule.ts'
import { moveFault } from './rename.ts'

/** Schedules with one value of the given schedule smaller or rounder, the plainest first. */
export type PlainerSlot = (schedule: Schedule) => readonly Schedule[]

export interface PlainerOptions {
  /** Kinds that the scenario allows; without `crash` among them nothing becomes a crash. */
  readonly kinds?: readonly FaultKind[]
  /** A more telling event just before this one, or null. */
  readonly betterEvent?: (fault: Fault) => string | null
  /** When the first record of the scenario comes; default 0. */
  readonly firstMs?: number
}

/** Seeds that mean nothing in particular. */
const SEED = '0'

/** One slot for each thing in the schedule that has a value. */
export function plainerSlots(schedule: Schedule, options: PlainerOptions = {}): readonly PlainerSlot[] {
  return [
    seedSlot,
    appendsSlot(options),
    ...schedule.faults.flatMap((_, index) => [
      faultSlot(index, (fault) => asCrash(fault, options)),
      faultSlot(index, (fault) => atBetterEvent(fault, options)),
      faultSlot(index, earlierFaults),
      faultSlot(index, shorterFaults),
    ]),
    ...schedule.holds.flatMap((_, index) => [holdSlot(index, earlierHolds), holdSlot(index, shorterHolds)]),
  ]
}

const seedSlot: PlainerSlot = (schedule) => (schedule.seed === SEED ? [] : [{ ...schedule, seed: SEED }])

/**
 * All records come with the first that the scenario has. Not earlier: a consumer that starts at the
 * end of the log would miss them, which is a different defect.
 */
function appendsSlot({ firstMs = 0 }: PlainerOptions): PlainerSlot {
  return (schedule) => {
    const { workload } = schedule
    if (workload.records.every(({ atMs }) => atMs <= firstMs)) return []
    const records = workload.records.map((record) => ({ ...record, atMs: Math.min(record.atMs, firstMs) }))
    return [{ ...schedule, workload: { ...workload, records } }]
  }
}

/** When the first record comes, in virtual milliseconds. */
export function firstAppendMs({ workload }: Schedule): number {
  const [first, ...rest] = workload.records
  return rest.reduce((least, { atMs }) => Math.min(least, atMs), first?.atMs ?? 0)
}

function faultSlot(index: number, change: (fault: Fault) => readonly Fault[]): PlainerSlot {
  return (schedule) => {
    const fault = schedule.faults[index]
    return fault === undefined
      ? []
      : change(fault).map((changed) => ({ ...schedule, faults: schedule.faults.with(index, changed) }))
  }
}

function holdSlot(index: number, change: (hold: Hold) => readonly Hold[]): PlainerSlot {
  return (schedule) => {
    const hold = schedule.holds[index]
    return hold === undefined
      ? []
      : change(hold).map((changed) => ({ ...schedule, holds: schedule.holds.with(index, changed) }))
  }
}

/** The plainest fault is a crash: it needs no explanation and happens everywhere. */
function asCrash({ kind, target, at }: Fault, { kinds }: PlainerOptions): Fault[] {
  const { stays, target: sort } = definitionOf(kind)
  if (stays === true || kinds?.includes(crash.kind) !== true) return []
  const process = 'event' in at ? processOfEvent(at.event) : (sort.processOf?.(target) ?? null)
  return process === null ? [] : [crashOf(process, at)]
}

/** Request faults stay with their request. */
function atBetterEvent(fault: Fault, { betterEvent }: PlainerOptions): Fault[] {
  if (definitionOf(fault.kind).target.followsMoment === true) return []
  const event = betterEvent?.(fault) ?? null
  return event === null ? [] : [{ ...fault, at: { event } }]
}

function earlierFaults(fault: Fault): Fault[] {
  if (!('event' in fault.at)) return []
  return fewNumbers(earlierNames(fault.at.event)).map((event) => moveFault(fault, event))
}

function earlierHolds(hold: Hold): Hold[] {
  return fewNumbers(earlierNames(hold.event)).map((event) => ({ ...hold, event }))
}

/**
 * The first, one in the middle, the one before: of many, more would cost more runs than they are
 * worth.
 */
function fewNumbers(names: readonly string[]): string[] {
  const chosen = [names.length - 1, names.length >> 1, 0]
  return [...new Set(chosen)].flatMap((index) => (index < 0 ? [] : names.slice(index, index + 1)))
}

/** One value of the fault smaller or rounder. */
function shorterFaults(fault: Fault): readonly Fault[] {
  const values: Readonly<Record<string, unknown>> = { ...fault }
  return Object.entries(definitionOf(fault.kind).fields).flatMap(([name, { plainer }]) =>
    name in values ? plainer(values[name]).map((value) => withField(fault, name, value)) : [],
  )
}

function shorterHolds(hold: Hold): Hold[] {
  return rounderMs(hold.durationMs).map((durationMs) => ({ ...hold, durationMs }))
}
