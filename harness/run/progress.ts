import type { EventOf, HistoryEvent, RecordPosition, TopicPartition } from '../core/history.ts'
import { partitionName } from '../core/names.ts'

/** How long nothing may happen before a run counts as finished, in virtual microseconds. */
const QUIET_US = {
  /**
   * After a fault, something may be waiting to be tried again: kafkajs's first retry comes after
   * 0.3 s.
   */
  afterFaults: 2_000_000,
  recordsMissing: 35_000_000,
  commitsMissing: 65_000_000,
} as const

interface Partition {
  readonly topic: string
  readonly firstOffset: bigint
  endOffset: bigint
}

interface GroupPartition {
  committed: bigint
  /** Offsets with an effect or a skip, relative to the first. */
  readonly complete: Set<number>
}

/**
 * Whether the consumers have done all there is to do. Kept in O(1) for each event: counts of
 * partitions that are behind and of records without an effect, over all groups.
 */
export class Progress {
  readonly #partitions: Map<string, Partition> = new Map()
  readonly #groups: Map<
    string,
    { readonly topics: Set<string>; readonly partitions: Map<string, GroupPartition> }
  > = new Map()
  readonly #groupOf: Map<string, string> = new Map()
  readonly #handlers: Map<string, number> = new Map()
  /** Processes that have started or given their assignment up, and have no new one yet. */
  readonly #unassigned: Set<string> = new Set()
  #behind = 0
  #incomplete = 0
  #activeHandlers = 0
  #lastUs = 0
  #faults = false

  /** Topics that some group subscribes to. */
  get consumed(): readonly string[] {
    return [...new Set([...this.#groups.values()].flatMap(({ topics }) => [...topics]))].sort()
  }

  observe(event: HistoryEvent): void {
    switch (event.kind) {
      case 'topic-created':
        for (let partition = 0; partition < event.partitions; partition += 1) {
          this.#create({ topic: event.topic, partition }, event.startOffset)
        }
        return
      case 'append':
        return this.#append(event)
      case 'truncated':
        return this.#truncate(event)
      case 'offset-removed':
        if (event.reason === 'lost' || event.reason === 'topic deleted') this.#fallBack(event)
        return
      case 'consumer-started':
        this.#groupOf.set(event.process, event.group)
        for (const topic of event.topics) this.#subscribe(event.group, topic)
        return
      case 'believes':
        this.#lastUs = event.timeUs
        this.#unassigned.delete(event.process)
        return
      case 'consumer-stopped':
      case 'revoked':
        this.#unassigned.add(event.process)
        return
      case 'effect':
      case 'skip':
        return this.#complete(event)
      case 'commit':
        if (event.phase === 'applied') this.#commit(event.group, event, event.offset, event.timeUs)
        return
      case 'handler-start':
      case 'batch-start':
        return this.#handler(event.process, 1, event.timeUs)
      case 'handler-end':
      case 'handler-failure':
      case 'batch-end':
        return this.#handler(event.process, -1, event.timeUs)
      case 'process-crashed':
      case 'process-exited':
        this.#activeHandlers -= this.#handlers.get(event.process) ?? 0
        this.#handlers.set(event.process, 0)
        this.#unassigned.delete(event.process)
        this.#lastUs = event.timeUs
        return
      case 'process-started':
        this.#unassigned.add(event.process)
        this.#lastUs = event.timeUs
        return
      case 'fault':
        this.#faults = true
        this.#lastUs = event.timeUs
        return
      default:
    }
  }

  /**
   * Whether the run goes on, whatever else holds: no consumer has subscribed yet, a handler runs,
   * or effects and commits are both missing.
   */
  get working(): boolean {
    return this.#activeHandlers > 0 || (this.#behind > 0 && this.#incomplete > 0) || this.#groups.size === 0
  }

  /**
   * The virtual time in microseconds from which on there is nothing left to wait for if nothing
   * else happens: every record has its effect and is committed and every consumer has its
   * assignment, or it has been quiet so long that this will never be. Null while work is under way.
   * @param settledOutside processes and groups are not in the middle of a change
   */
  finishedAtUs(settledOutside: boolean): number | null {
    if (this.working) return null
    const settled = this.#unassigned.size === 0 && settledOutside
    const complete = this.#behind === 0 && this.#incomplete === 0
    if (complete && settled) return this.#lastUs + (this.#faults ? QUIET_US.afterFaults : 0)
    if (this.#behind === 0) return this.#lastUs + QUIET_US.recordsMissing
    // Members that died in the middle of a join are removed one session after the other: who joins
    // now may commit yet.
    return settled ? this.#lastUs + QUIET_US.commitsMissing : null
  }

  #create(at: TopicPartition, firstOffset: bigint): Partition {
    const name = partitionName(at)
    const known = this.#partitions.get(name)
    if (known !== undefined) return known
    const made = { topic: at.topic, firstOffset, endOffset: firstOffset }
    this.#partitions.set(name, made)
    for (const group of this.#groups.values()) {
      if (group.topics.has(at.topic))
        group.partitions.set(name, { committed: firstOffset, complete: new Set() })
    }
    return made
  }

  #append(event: RecordPosition & { readonly timeUs: number }): void {
    const partition = this.#create(event, event.offset)
    const name = partitionName(event)
    this.#lastUs = event.timeUs
    for (const group of this.#groups.values()) {
      const at = group.partitions.get(name)
      if (at === undefined) continue
      this.#incomplete += 1
      if (at.committed === partition.endOffset) this.#behind += 1
    }
    partition.endOffset = event.offset + 1n
  }

  /** The cluster lost what stood there: nobody need do anything about it. */
  #truncate(event: RecordPosition & { readonly timeUs: number }): void {
    const name = partitionName(event)
    const partition = this.#partitions.get(name)
    if (partition === undefined || event.offset >= partition.endOffset) return
    this.#lastUs = event.timeUs
    const end = event.offset > partition.firstOffset ? event.offset : partition.firstOffset
    const [from, to] = [end, partition.endOffset].map((each) => Number(each - partition.firstOffset))
    for (const { partitions } of this.#groups.values()) {
      const at = partitions.get(name)
      if (at === undefined) continue
      for (let index = from ?? 0; index < (to ?? 0); index += 1) {
        if (!at.complete.delete(index)) this.#incomplete -= 1
      }
      if (at.committed < partition.endOffset && at.committed >= end) this.#behind -= 1
    }
    partition.endOffset = end
  }

  /** The coordinator forgot a commit, and has an older one or none. */
  #fallBack(event: EventOf<'offset-removed'>): void {
    const { group, timeUs } = event
    const firstOffset = this.#partitions.get(partitionName(event))?.firstOffset ?? 0n
    this.#commit(group, event, event.fallback ?? firstOffset, timeUs)
  }

  #subscribe(group: string, topic: string): void {
    const known = this.#groups.get(group) ?? { topics: new Set<string>(), partitions: new Map() }
    this.#groups.set(group, known)
    if (known.topics.has(topic)) return
    known.topics.add(topic)
    for (const [name, { topic: itsTopic, firstOffset, endOffset }] of this.#partitions) {
      if (itsTopic !== topic) continue
      known.partitions.set(name, { committed: firstOffset, complete: new Set() })
      this.#incomplete += Number(endOffset - firstOffset)
      if (endOffset > firstOffset) this.#behind += 1
    }
  }

  #complete(event: RecordPosition & { readonly process: string; readonly timeUs: number }): void {
    this.#lastUs = event.timeUs
    const name = partitionName(event)
    const group = this.#groups.get(this.#groupOf.get(event.process) ?? '')
    const at = group?.partitions.get(name)
    const partition = this.#partitions.get(name)
    if (at === undefined || partition === undefined) return
    const index = Number(event.offset - partition.firstOffset)
    if (at.complete.has(index)) return
    at.complete.add(index)
    this.#incomplete -= 1
  }

  #commit(group: string, tp: TopicPartition, offset: bigint, timeUs: number): void {
    const name = partitionName(tp)
    const at = this.#groups.get(group)?.partitions.get(name)
    const end = this.#partitions.get(name)?.endOffset
    if (at === undefined || end === undefined) return
    if (at.committed !== offset) this.#lastUs = timeUs
    if (at.committed < end) this.#behind -= 1
    if (offset < end) this.#behind += 1
    at.committed = offset
  }

  #handler(process: string, change: 1 | -1, timeUs: number): void {
    this.#lastUs = timeUs
    const active = (this.#handlers.get(process) ?? 0) + change
    if (active < 0) return
    this.#handlers.set(process, active)
    this.#activeHandlers += change
  }
}
