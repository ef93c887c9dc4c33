import { definitionOf } from '../../harness/core/fault.ts'
import type { EventOf, HistoryEvent } from '../../harness/core/history.ts'
import { partitionName, recordName } from '../../harness/core/names.ts'
import type { Setting } from '../../harness/core/property.ts'
import type { Measured } from '../../harness/core/verdict.ts'
import type { Completions } from './completions.ts'
import type { Groups } from './groups.ts'
import type { Log, PartitionRecords } from './log.ts'
import type { Noting, View } from './observing.ts'
import type { OpenHandlers } from './open-handlers.ts'

/** The highest value of a measure so far, where it was reached, and of what. */
export interface Peak {
  readonly value: number
  readonly seq: number
  /** `the group orders at orders/0`; for duplicates the kind of the fault. */
  readonly of: string
}

/** A subject of measuring: a group at a partition, or a fault. */
export interface MeasuredSubject {
  /** Two faults may have one name. */
  readonly key: string
  /** `the group orders at orders/0`, `crash consumer-0`. */
  readonly name: string
}

/** Hears the value of a measure at each moment at which its slope changes. */
export type MeasureTracer = (point: {
  readonly measure: Name
  readonly of: MeasuredSubject
  readonly timeUs: number
  readonly value: number
}) => void

/** A group at a partition. */
interface Follower {
  readonly group: string
  readonly log: PartitionRecords
  readonly subject: MeasuredSubject
  lag: number
  /** Index of the first record that it has yet to complete. */
  frontier: number
  /** When it last came forward, or got something to do; null: it has nothing to do. */
  stillSinceUs: number | null
}

/** A fault that has healed, and how far each group must come until all is as it was. */
interface Recovery {
  readonly from: MeasuredSubject
  readonly sinceUs: number
  readonly left: Map<Follower, number>
}

type Name = keyof Measured

const NO_FAULT: MeasuredSubject = { key: 'none', name: 'no fault' }

/**
 * Figures of a run over virtual time. A group's lag at a partition is what stands there from the
 * first record on that it has yet to complete; where the group has something to do and that record
 * stays the same, the partition stands still. A duplicate counts for the fault that began last.
 * Recovery is the time from when a fault has healed (one that acts at once: has begun) until every
 * group has completed all that was there at that moment.
 */
export class Measures implements View {
  readonly #parts: MeasuresParts
  readonly #peaks: Map<Name, Peak> = new Map()
  readonly #followers: Map<string, Follower> = new Map()
  readonly #recoveries: Set<Recovery> = new Set()
  /** Effects that stand, by record, group and label. */
  readonly #effects: Map<string, number> = new Map()
  /** The fault that began last, and its duplicates. */
  #fault: MeasuredSubject = NO_FAULT
  #faultKind = NO_FAULT.name
  #duplicates = 0
  #tracer: MeasureTracer | null = null

  constructor(parts: MeasuresParts) {
    this.#parts = parts
  }

  readonly noting: Noting = {
    append: (event) => this.#look(event),
    marker: (event) => this.#look(event),
    'log-start': (event) => this.#look(event),
    truncated: (event) => this.#look(event),
    'consumer-started': (event) => this.#lookAtAll(event),
    effect: (event) => {
      this.#countEffect(event)
      this.#look(event)
    },
    skip: (event) => this.#look(event),
    transaction: (event) => this.#lookAtAll(event),
    fault: (event) => this.#noteFault(event),
    'drain-deadline': (event) => this.#end(event),
    phase: (event) => {
      if (event.phase === 'end') this.#end(event)
    },
  }

  get measured(): Measured {
    const of = (name: Name): number => this.#peaks.get(name)?.value ?? 0
    return {
      lagMax: of('lagMax'),
      duplicatesMax: of('duplicatesMax'),
      stoppedMsMax: of('stoppedMsMax'),
      recoveryMsMax: of('recoveryMsMax'),
    }
  }

  peak(name: Name): Peak | undefined {
    return this.#peaks.get(name)
  }

  trace(tracer: MeasureTracer): void {
    this.#tracer = tracer
  }

  /** At this moment the measure goes from the first value to the second. */
  #step(measure: Name, of: MeasuredSubject, { timeUs }: HistoryEvent, from: number, to: number): void {
    if (this.#tracer === null) return
    this.#tracer({ measure, of, timeUs, value: from })
    this.#tracer({ measure, of, timeUs, value: to })
  }

  /** From then to now the measure went up from 0 to the time that went by. */
  #ramp(measure: Name, of: MeasuredSubject, sinceUs: number, { timeUs }: HistoryEvent): void {
    if (this.#tracer === null) return
    this.#tracer({ measure, of, timeUs: sinceUs, value: 0 })
    this.#tracer({ measure, of, timeUs, value: (timeUs - sinceUs) / 1000 })
    this.#tracer({ measure, of, timeUs, value: 0 })
  }

  #raise(name: Name, value: number, { seq }: HistoryEvent, of: string): void {
    if (value > (this.#peaks.get(name)?.value ?? 0)) this.#peaks.set(name, { value, seq, of })
  }

  // --- lag, and partitions that stand still

  #look(event: HistoryEvent & { readonly topic: string; readonly partition: number }): void {
    const log = this.#parts.log.at(event)
    if (log === undefined) return
    for (const [group, topics] of this.#parts.groups.consuming())
      if (topics.has(event.topic)) this.#follow(group, log, event)
  }

  #lookAtAll(event: HistoryEvent): void {
    for (const [group, topics] of this.#parts.groups.consuming())
      for (const topic of topics)
        for (const [, log] of this.#parts.log.partitions.ofTopic(topic)) this.#follow(group, log, event)
  }

  #follow(group: string, log: PartitionRecords, event: HistoryEvent): void {
    const follower = this.#follower(group, log)
    const frontier = this.#parts.completions.frontier(group, log)
    const lag = log.end - frontier
    this.#raise('lagMax', lag, event, follower.subject.name)
    if (lag !== follower.lag) this.#step('lagMax', follower.subject, event, follower.lag, lag)
    follower.lag = lag
    if (frontier > follower.frontier || lag === 0) {
      this.#stood(follower, event)
      follower.stillSinceUs = lag === 0 ? null : event.timeUs
      follower.frontier = frontier
      this.#recover(follower, event)
    } else follower.stillSinceUs ??= event.timeUs
  }

  #stood(follower: Follower, event: HistoryEvent): void {
    const { stillSinceUs, subject } = follower
    if (stillSinceUs === null) return
    this.#raise('stoppedMsMax', (event.timeUs - stillSinceUs) / 1000, event, subject.name)
    this.#ramp('stoppedMsMax', subject, stillSinceUs, event)
  }

  #follower(group: string, log: PartitionRecords): Follower {
    const at = partitionName(log)
    const key = `${group} ${at}`
    const known = this.#followers.get(key)
    if (known !== undefined) return known
    const subject = { key, name: `the group ${group} at ${at}` }
    const made = { group, log, subject, lag: 0, frontier: 0, stillSinceUs: null }
    this.#followers.set(key, made)
    return made
  }

  // --- duplicates, and recovery

  #noteFault(event: EventOf<'fault'>): void {
    const of = { key: String(event.index), name: definitionOf(event.fault.kind).words(event.fault) }
    if (event.phase === 'begins') {
      this.#step('duplicatesMax', this.#fault, event, this.#duplicates, 0)
      this.#fault = of
      this.#faultKind = event.fault.kind
      this.#duplicates = 0
    }
    // One that acts at once never ends.
    const isOver = event.phase === 'ends' || definitionOf(event.fault.kind).acts === 'instant'
    if (isOver) this.#await(event, of)
  }

  #await({ timeUs }: HistoryEvent, from: MeasuredSubject): void {
    const left = new Map<Follower, number>()
    for (const follower of this.#followers.values())
      if (follower.frontier < follower.log.end) left.set(follower, follower.log.end)
    if (left.size > 0) this.#recoveries.add({ from, sinceUs: timeUs, left })
  }

  #recover(follower: Follower, event: HistoryEvent): void {
    for (const recovery of this.#recoveries) {
      const target = recovery.left.get(follower)
      if (target === undefined || follower.frontier < Math.min(target, follower.log.end)) continue
      recovery.left.delete(follower)
      if (recovery.left.size > 0) continue
      this.#recoveries.delete(recovery)
      this.#recovered(recovery, follower, event)
    }
  }

  #recovered({ from, sinceUs }: Recovery, last: Follower, event: HistoryEvent): void {
    this.#raise('recoveryMsMax', (event.timeUs - sinceUs) / 1000, event, last.subject.name)
    this.#ramp('recoveryMsMax', from, sinceUs, event)
  }

  #countEffect(event: EventOf<'effect'>): void {
    const { handlers, groups, labelled } = this.#parts
    const of = handlers.groupsOf(event.process, event, groups).join()
    const key = `${of} ${recordName(event)}${labelled ? ` ${event.label}` : ''}`
    const times = (this.#effects.get(key) ?? 0) + 1
    this.#effects.set(key, times)
    if (times < 2) return
    this.#step('duplicatesMax', this.#fault, event, this.#duplicates, this.#duplicates + 1)
    this.#duplicates += 1
    this.#raise('duplicatesMax', this.#duplicates, event, this.#faultKind)
  }

  /** The last moment: partitions that stand still have done so until now. */
  #end(event: HistoryEvent): void {
    for (const follower of this.#followers.values()) {
      this.#stood(follower, event)
      follower.stillSinceUs = null
      this.#step('lagMax', follower.subject, event, follower.lag, follower.lag)
    }
    this.#step('duplicatesMax', this.#fault, event, this.#duplicates, this.#duplicates)
    for (const recovery of this.#recoveries) {
      const [last] = recovery.left.keys()
      if (last !== undefined) this.#recovered(recovery, last, event)
    }
    this.#recoveries.clear()
  }
}

interface MeasuresParts {
  readonly log: Log
  readonly groups: Groups
  readonly handlers: OpenHandlers
  readonly completions: Completions
  /** Effects of one record with other labels are other effects. */
  readonly labelled: boolean
}

export function measuresOf(
  { measures, effectsOfRecord }: Setting,
  parts: Omit<MeasuresParts, 'labelled'>,
): Measures | null {
  return measures === undefined ? null : new Measures({ ...parts, labelled: effectsOfRecord !== 'one' })
}
