import { GroupSuccession } from '../core/group-succession.ts'
import type { EventOf, HistoryEvent, RecordPosition, TopicPartition } from '../core/history.ts'
import { partitionName } from '../core/names.ts'
import { TopicPatterns } from '../core/topic-patterns.ts'
import { Unassigned } from './unassigned.ts'

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

/** An effect of a process on a record, or its end. */
type EffectEvent = RecordPosition & { readonly process: string; readonly timeUs: number }

/** A record among those that a group is to process. */
interface RecordOfGroup {
  readonly group: GroupProgress
  readonly at: GroupPartition
  readonly index: number
}

interface PartitionExtent {
  readonly topic: string
  readonly firstOffset: bigint
  endOffset: bigint
}

interface GroupProgress {
  readonly topics: Set<string>
  readonly partitions: Map<string, GroupPartition>
  /** Partitions in which its committed offset is not at the end. */
  behind: number
  /** Records without an effect. */
  incomplete: number
  /** False: it was given up, and nothing is expected of it. */
  counts: boolean
}

interface GroupPartition {
  committed: bigint
  /** Offsets with an effect or a skip, relative to the first, and those that are set aside. */
  readonly complete: Set<number>
  /** Offsets that an operator, or the scenario, let the group pass over, relative to the first. */
  readonly aside: Set<number>
  /** The last offset that one of them set; 0: none. */
  setTo: bigint
}

/**
 * Whether the consumers have done all there is to do. Kept in O(1) for each event: counts of
 * partitions that are behind and of records without an effect, over all groups.
 */
export class Progress {
  readonly #partitions: Map<string, PartitionExtent> = new Map()
  readonly #groups: Map<string, GroupProgress> = new Map()
  /** The last offset that somebody outside set, by group and partition. */
  readonly #set: Map<string, bigint> = new Map()
  /** The last commit for a group that nobody had subscribed in yet, by group and partition. */
  readonly #early: Map<string, bigint> = new Map()
  readonly #succession: GroupSuccession = new GroupSuccession()
  readonly #patterns: TopicPatterns = new TopicPatterns()
  /** The groups that each process works for, the latest first. */
  readonly #groupsOf: Map<string, string[]> = new Map()
  /** Topics that the app is known to consume, and that nobody has subscribed to yet. */
  readonly #awaited: Set<string>
  readonly #handlers: Map<string, number> = new Map()
  readonly #unassigned: Unassigned = new Unassigned()
  #behind = 0
  #incomplete = 0
  #activeHandlers = 0
  #lastUs = 0
  #faults = false

  /** @param awaited topics that the app consumes sooner or later */
  constructor(awaited: readonly string[] = []) {
    this.#awaited = new Set(awaited)
  }

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
        for (const group of this.#patterns.appear(event.topic)) this.#subscribe(group, event.topic)
        return
      case 'append':
        return this.#append(event)
      case 'truncated':
        return this.#truncate(event)
      case 'offset-removed':
        return this.#fallBack(event)
      case 'offset-set':
        return this.#setOffset(event)
      case 'consumer-started':
        return this.#start(event)
      case 'believes':
        this.#lastUs = event.timeUs
        this.#unassigned.done(event.process)
        return
      case 'consumer-stopped':
        return this.#stop(event)
      case 'revoked':
        this.#unassigned.gaveUp(event.process)
        return
      case 'effect':
      case 'skip':
        return this.#complete(event)
      case 'effect-undone':
        return event.left === 0 ? this.#reopen(event) : undefined
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
        this.#unassigned.done(event.process)
        this.#lastUs = event.timeUs
        return
      case 'process-started':
        this.#unassigned.started(event.process)
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
    const settled = !this.#unassigned.any && settledOutside
    // An app that subscribes to a topic only after records of another one takes its time.
    if (this.#awaited.size > 0) return this.#lastUs + QUIET_US.commitsMissing
    const complete = this.#behind === 0 && this.#incomplete === 0
    if (complete && settled) return this.#lastUs + (this.#faults ? QUIET_US.afterFaults : 0)
    if (this.#behind === 0) return this.#lastUs + QUIET_US.recordsMissing
    // Members that died in the middle of a join are removed one session after the other: a new
    // member may commit yet.
    return settled ? this.#lastUs + QUIET_US.commitsMissing : null
  }

  #create(at: TopicPartition, firstOffset: bigint): PartitionExtent {
    const name = partitionName(at)
    const known = this.#partitions.get(name)
    if (known !== undefined) return known
    const made = { topic: at.topic, firstOffset, endOffset: firstOffset }
    this.#partitions.set(name, made)
    for (const [id, group] of this.#groups) {
      if (group.topics.has(at.topic)) group.partitions.set(name, this.#begin(id, name, made))
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
      const isAside = event.offset < at.setTo
      if (isAside) putAside(at, Number(event.offset - partition.firstOffset))
      const behind = at.committed === partition.endOffset ? 1 : 0
      this.#count(group, { incomplete: isAside ? 0 : 1, behind })
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
    for (const group of this.#groups.values()) {
      const at = group.partitions.get(name)
      if (at === undefined) continue
      for (let index = from ?? 0; index < (to ?? 0); index += 1) {
        at.aside.delete(index)
        if (!at.complete.delete(index)) this.#count(group, { incomplete: -1 })
      }
      if (at.committed < partition.endOffset && at.committed >= end) this.#count(group, { behind: -1 })
    }
    partition.endOffset = end
  }

  /** The coordinator forgot a commit, and has an older one or none. */
  #fallBack(event: EventOf<'offset-removed'>): void {
    const { group, reason, timeUs } = event
    if (reason !== 'lost' && reason !== 'topic deleted') return
    const firstOffset = this.#partitions.get(partitionName(event))?.firstOffset ?? 0n
    this.#commit(group, event, event.fallback ?? firstOffset, timeUs)
  }

  /** Nothing below the offset is expected any longer, and all from there on. */
  #setOffset(event: EventOf<'offset-set'>): void {
    const { group: id, offset, timeUs } = event
    const name = partitionName(event)
    this.#set.set(`${id} ${name}`, offset)
    const group = this.#groups.get(id)
    const at = group?.partitions.get(name)
    const partition = this.#partitions.get(name)
    if (group === undefined || at === undefined || partition === undefined) return
    at.setTo = offset
    const size = Number(partition.endOffset - partition.firstOffset)
    for (let index = 0; index < size; index += 1) {
      if (partition.firstOffset + BigInt(index) < offset) {
        if (putAside(at, index)) this.#count(group, { incomplete: -1 })
      } else if (at.aside.delete(index) && at.complete.delete(index)) this.#count(group, { incomplete: 1 })
    }
    this.#commit(id, event, offset, timeUs)
  }

  /** A group comes to a partition. */
  #begin(id: string, name: string, { firstOffset, endOffset }: PartitionExtent): GroupPartition {
    const setTo = this.#set.get(`${id} ${name}`) ?? 0n
    const committed = this.#early.get(`${id} ${name}`) ?? setTo
    const at = {
      committed: committed > firstOffset ? committed : firstOffset,
      complete: new Set<number>(),
      aside: new Set<number>(),
      setTo,
    }
    for (let offset = firstOffset; offset < endOffset && offset < setTo; offset += 1n)
      putAside(at, Number(offset - firstOffset))
    return at
  }

  #start(event: EventOf<'consumer-started'>): void {
    this.#works(event.process, event.group)
    this.#unassigned.subscribed(event.process)
    for (const topic of [...event.topics, ...this.#patterns.ask(event.group, event.patterns ?? [])])
      this.#subscribe(event.group, topic)
    this.#succession.observe(event)
    this.#expectAll()
  }

  #stop(event: EventOf<'consumer-stopped'>): void {
    this.#succession.stop(event)
    this.#expectAll()
    this.#unassigned.gaveUp(event.process)
  }

  #expectAll(): void {
    for (const [id, group] of this.#groups) this.#expect(group, !this.#succession.isGivenUp(id))
  }

  #works(process: string, group: string): void {
    const others = (this.#groupsOf.get(process) ?? []).filter((each) => each !== group)
    this.#groupsOf.set(process, [group, ...others])
  }

  #subscribe(group: string, topic: string): void {
    this.#awaited.delete(topic)
    const known = this.#groups.get(group) ?? newGroup()
    this.#groups.set(group, known)
    if (known.topics.has(topic)) return
    known.topics.add(topic)
    for (const [name, partition] of this.#partitions) {
      if (partition.topic !== topic) continue
      const at = this.#begin(group, name, partition)
      known.partitions.set(name, at)
      const { firstOffset, endOffset } = partition
      const behind = endOffset > at.committed ? 1 : 0
      this.#count(known, { incomplete: Number(endOffset - firstOffset) - at.aside.size, behind })
    }
  }

  #complete(event: EffectEvent): void {
    for (const { group, at, index } of this.#workOn(event)) {
      if (at.complete.has(index)) continue
      at.complete.add(index)
      this.#count(group, { incomplete: -1 })
    }
  }

  /** The record's effect no longer stands in its service. */
  #reopen(event: EffectEvent): void {
    for (const { group, at, index } of this.#workOn(event))
      if (at.complete.delete(index)) this.#count(group, { incomplete: 1 })
  }

  /**
   * The group for which the process works on this record; where none of its groups consumes it,
   * as in the last step of a saga, those that do.
   */
  #workOn(event: EffectEvent): readonly RecordOfGroup[] {
    this.#lastUs = event.timeUs
    const name = partitionName(event)
    const partition = this.#partitions.get(name)
    if (partition === undefined) return []
    const index = Number(event.offset - partition.firstOffset)
    const own = this.#groupsOf.get(event.process)?.find((id) => this.#groups.get(id)?.partitions.has(name))
    const ids = own === undefined ? this.#groups.keys() : [own]
    return [...ids].flatMap((id) => {
      const group = this.#groups.get(id)
      const at = group?.partitions.get(name)
      return group === undefined || at === undefined ? [] : [{ group, at, index }]
    })
  }

  #commit(id: string, tp: TopicPartition, offset: bigint, timeUs: number): void {
    const name = partitionName(tp)
    const group = this.#groups.get(id)
    const at = group?.partitions.get(name)
    const end = this.#partitions.get(name)?.endOffset
    if (at === undefined) this.#early.set(`${id} ${name}`, offset)
    if (group === undefined || at === undefined || end === undefined) return
    if (at.committed !== offset) this.#lastUs = timeUs
    this.#count(group, { behind: (offset < end ? 1 : 0) - (at.committed < end ? 1 : 0) })
    at.committed = offset
  }

  #count(
    group: GroupProgress,
    { behind = 0, incomplete = 0 }: { behind?: number; incomplete?: number },
  ): void {
    group.behind += behind
    group.incomplete += incomplete
    if (!group.counts) return
    this.#behind += behind
    this.#incomplete += incomplete
  }

  #expect(group: GroupProgress, counts: boolean): void {
    if (group.counts === counts) return
    group.counts = counts
    const sign = counts ? 1 : -1
    this.#behind += sign * group.behind
    this.#incomplete += sign * group.incomplete
  }

  #handler(process: string, change: 1 | -1, timeUs: number): void {
    this.#lastUs = timeUs
    const active = (this.#handlers.get(process) ?? 0) + change
    if (active < 0) return
    this.#handlers.set(process, active)
    this.#activeHandlers += change
  }
}

function newGroup(): GroupProgress {
  return { topics: new Set(), partitions: new Map(), behind: 0, incomplete: 0, counts: true }
}

/** @returns whether it was neither complete nor set aside before */
function putAside({ complete, aside }: GroupPartition, index: number): boolean {
  if (complete.has(index)) return false
  complete.add(index)
  aside.add(index)
  return true
}
