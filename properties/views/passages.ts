import type { EventOf, TopicPartition } from '../../harness/core/history.ts'
import type { Noting, View } from './observing.ts'
import { GroupMap } from './partition-map.ts'

/** The start of a handler, of one record or of a batch. */
export type Delivery = EventOf<'handler-start'> | EventOf<'batch-start'>

export interface Resume {
  readonly event: Delivery
  readonly offset: bigint
  /**
   * After an assignment, or the very first: not just because another process was given something in
   * between.
   */
  readonly assigned: boolean
}

/** How one group went through one partition. */
export interface Passage {
  /** The lowest offset that any of its processes was given or fetched; null: none yet. */
  lowest: bigint | null
  /** First deliveries after an assignment (or of a process altogether), in order. */
  readonly resumes: Resume[]
  lastDelivery: Delivery | null
  /** The last handler or effect that ended failed so; null: it did not. */
  lastFailure: EventOf<'handler-failure'> | EventOf<'batch-end'> | EventOf<'effect-failure'> | null
  /** A process was told that the group has no committed offset. */
  startedWithout: EventOf<'offset-fetched'> | null
  /** The app seeks: it keeps its offsets elsewhere, or skips on purpose. */
  sought: boolean
  /** The last process that believed to own it. */
  owner: string | null
  /** Processes whose next delivery is the first of an ownership. */
  readonly fresh: Set<string>
}

/**
 * How each group went through each partition: what was delivered, where it resumed, what failed.
 */
export class Passages implements View {
  readonly #passages: GroupMap<Passage> = new GroupMap()
  readonly #groups: Map<string, string> = new Map()
  /** Number of the last Fetch that each process got an answer to. */
  readonly #lastFetch: Map<string, number> = new Map()
  #requestsSeen = false

  readonly noting: Noting = {
    believes: ({ process, group, partitions }) => {
      this.#groups.set(process, group)
      for (const at of partitions) {
        const passage = this.of(group, at)
        passage.fresh.add(process)
        passage.owner = process
      }
    },
    'handler-start': (event) => this.#deliver(event, event.offset),
    'batch-start': (event) => this.#deliver(event, event.firstOffset),
    fetched: (event) => {
      const group = this.#groups.get(event.process)
      if (group !== undefined) lower(this.of(group, event), event.fetchOffset)
    },
    'offset-fetched': (event) => {
      if (event.offset < 0n) this.of(event.group, event).startedWithout = event
    },
    request: ({ api, phase, process, seq }) => {
      this.#requestsSeen = true
      if (api === 'Fetch' && phase === 'acknowledged') this.#lastFetch.set(process, seq)
    },
    seek: (event) => {
      this.of(event.group, event).sought = true
    },
    'handler-failure': (event) => this.#end(event.group, event, event),
    'handler-end': (event) => this.#end(event.group, event, null),
    'batch-end': (event) => this.#end(event.group, event, event.error === null ? null : event),
    'effect-failure': (event) => {
      const group = this.#groups.get(event.process)
      if (group !== undefined) this.#end(group, event, event)
    },
  }

  of(group: string, at: TopicPartition): Passage {
    return this.#passages.getOrMake(group, at, () => ({
      lowest: null,
      resumes: [],
      lastDelivery: null,
      lastFailure: null,
      startedWithout: null,
      sought: false,
      owner: null,
      fresh: new Set(),
    }))
  }

  /**
   * A process that was told of no committed offset has settled on a position by itself: it has
   * fetched since. Where the history holds no requests at all, as on a real cluster, being told
   * must do.
   */
  hasStarted({ startedWithout }: Passage): boolean {
    if (startedWithout === null) return false
    return !this.#requestsSeen || (this.#lastFetch.get(startedWithout.process) ?? -1) > startedWithout.seq
  }

  #deliver(event: Delivery, offset: bigint): void {
    this.#groups.set(event.process, event.group)
    const passage = this.of(event.group, event)
    lower(passage, offset)
    const assigned = passage.fresh.delete(event.process) || passage.lastDelivery === null
    if (assigned || passage.lastDelivery?.process !== event.process) {
      passage.resumes.push({ event, offset, assigned })
    }
    passage.lastDelivery = event
  }

  #end(group: string, at: TopicPartition, failure: Passage['lastFailure']): void {
    this.of(group, at).lastFailure = failure
  }
}

function lower(passage: Passage, offset: bigint): void {
  if (passage.lowest === null || offset < passage.lowest) passage.lowest = offset
}
