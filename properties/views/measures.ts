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

/** A group at a partition. */
interface Follower {
  readonly group: string
  readonly log: PartitionRecords
  /** Index of the first record that it has yet to complete. */
  frontier: number
  /** When it last came forward, or got something to do; null: it has nothing to do. */
  stillSinceUs: number | null
}

/** A fault that has healed, and how far each group must come until all is as it was. */
interface Recovery {
  readonly sinceUs: number
  readonly left: Map<Follower, number>
}

type Name = keyof Measured

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
  #fault = 'no fault'
  #duplicates = 0

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
    const of = followerName(follower)
    this.#raise('lagMax', lag, event, of)
    if (frontier > follower.frontier || lag === 0) {
      this.#stood(follower, event)
      follower.stillSinceUs = lag === 0 ? null : event.timeUs
      follower.frontier = frontier
      this.#recover(follower, event)
    } else follower.stillSinceUs ??= event.timeUs
  }

  #stood(follower: Follower, event: HistoryEvent): void {
    const { stillSinceUs } = follower
    if (stillSinceUs === null) return
    this.#raise('stoppedMsMax', (event.timeUs - stillSinceUs) / 1000, event, followerName(follower))
  }

  #follower(group: string, log: PartitionRecords): Follower {
    const key = `${group} ${partitionName(log)}`
    const known = this.#followers.get(key)
    if (known !== undefined) return known
    const made = { group, log, frontier: 0, stillSinceUs: null }
    this.#followers.set(key, made)
    return made
  }

  // --- duplicates, and recovery

  #noteFault(event: EventOf<'fault'>): void {
    if (event.phase === 'begins') {
      this.#fault = event.fault.kind
      this.#duplicates = 0
    }
    // One that acts at once never ends.
    if (event.phase === 'begins' && !this.#parts.lasts(event.fault.kind)) this.#await(event)
    if (event.phase === 'ends') this.#await(event)
  }

  #await({ timeUs }: HistoryEvent): void {
    const left = new Map<Follower, number>()
    for (const follower of this.#followers.values())
      if (follower.frontier < follower.log.end) left.set(follower, follower.log.end)
    if (left.size > 0) this.#recoveries.add({ sinceUs: timeUs, left })
  }

  #recover(follower: Follower, event: HistoryEvent): void {
    for (const recovery of this.#recoveries) {
      const target = recovery.left.get(follower)
      if (target === undefined || follower.frontier < Math.min(target, follower.log.end)) continue
      recovery.left.delete(follower)
      if (recovery.left.size > 0) continue
      this.#recoveries.delete(recovery)
      this.#raise('recoveryMsMax', (event.timeUs - recovery.sinceUs) / 1000, event, followerName(follower))
    }
  }

  #countEffect(event: EventOf<'effect'>): void {
    const { handlers, groups, labelled } = this.#parts
    const of = handlers.groupsOf(event.process, event, groups).join()
    const key = `${of} ${recordName(event)}${labelled ? ` ${event.label}` : ''}`
    const times = (this.#effects.get(key) ?? 0) + 1
    this.#effects.set(key, times)
    if (times < 2) return
    this.#duplicates += 1
    this.#raise('duplicatesMax', this.#duplicates, event, this.#fault)
  }

  /** The last moment: partitions that stand still have done so until now. */
  #end(event: HistoryEvent): void {
    for (const follower of this.#followers.values()) {
      this.#stood(follower, event)
      follower.stillSinceUs = null
    }
    for (const { sinceUs, left } of this.#recoveries)
      for (const follower of left.keys())
        this.#raise('recoveryMsMax', (event.timeUs - sinceUs) / 1000, event, followerName(follower))
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
  /** Whether a fault of this kind takes time, and ends. */
  lasts(kind: EventOf<'fault'>['fault']['kind']): boolean
}

export function measuresOf(
  { measures, effectsOfRecord }: Setting,
  parts: Omit<MeasuresParts, 'labelled'>,
): Measures | null {
  return measures === undefined ? null : new Measures({ ...parts, labelled: effectsOfRecord !== 'one' })
}

function followerName({ group, log }: Follower): string {
  return `the group ${group} at ${partitionName(log)}`
}
