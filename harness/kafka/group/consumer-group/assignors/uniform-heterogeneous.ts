import { type Assignment, assignmentOf, pairsOf } from '../assignment.ts'
import type { GroupToAssign } from './assignor.interface.ts'
import { Balancer } from './balancer.ts'

const ITERATIONS_MAX = 16
const NOBODY = -1

/**
 * The uniform assignor for members that subscribe to different topics
 * (UniformHeterogeneousAssignmentBuilder of Kafka's group coordinator): what a member has stays,
 * free partitions go to the least loaded subscriber, and then topic after topic is balanced until
 * nothing moves.
 */
export function assignUnevenSubscriptions(group: GroupToAssign): ReadonlyMap<string, Assignment> {
  return new Uneven(group).assign()
}

class Uneven {
  readonly #group: GroupToAssign
  readonly #memberIds: readonly string[]
  /** Member indexes by topic. */
  readonly #subscribers: Map<string, number[]> = new Map()
  /** Each partition's member index. */
  readonly #owners: Map<string, number[]> = new Map()
  readonly #sizes: number[]

  constructor(group: GroupToAssign) {
    this.#group = group
    this.#memberIds = [...group.members.keys()]
    this.#sizes = this.#memberIds.map(() => 0)
    for (const [index, memberId] of this.#memberIds.entries()) {
      for (const topicId of group.members.get(memberId)?.topics ?? []) {
        const known = this.#subscribers.get(topicId)
        if (known === undefined) this.#subscribers.set(topicId, [index])
        else known.push(index)
      }
    }
    for (const topicId of this.#subscribers.keys())
      this.#owners.set(topicId, new Array<number>(group.partitionsOf(topicId)).fill(NOBODY))
  }

  assign(): ReadonlyMap<string, Assignment> {
    this.#keep()
    this.#assignFree()
    this.#balance()
    return new Map(this.#memberIds.map((memberId, index) => [memberId, assignmentOf(this.#ownedBy(index))]))
  }

  *#ownedBy(member: number): Iterable<readonly [string, number]> {
    for (const [topicId, owners] of this.#owners)
      for (const [partition, owner] of owners.entries()) if (owner === member) yield [topicId, partition]
  }

  #keep(): void {
    for (const [index, memberId] of this.#memberIds.entries()) {
      const member = this.#group.members.get(memberId)
      if (member === undefined) continue
      for (const [topicId, partition] of pairsOf(member.target))
        if (member.topics.has(topicId)) this.#give(topicId, partition, index)
    }
  }

  #assignFree(): void {
    const free = new Map<string, number[]>()
    for (const [topicId, owners] of this.#owners) {
      const partitions = [...owners.keys()].filter((partition) => owners[partition] === NOBODY)
      if (partitions.length > 0) free.set(topicId, partitions)
    }
    for (const topicId of this.#sorted([...free.keys()])) {
      const balancer = this.#balancer(topicId)
      for (const partition of free.get(topicId) ?? [])
        this.#give(topicId, partition, balancer.nextLeastLoaded())
    }
  }

  #balance(): void {
    const shared = [...this.#subscribers].filter(([, members]) => members.length >= 2)
    const sorted = this.#sorted(shared.map(([topicId]) => topicId))
    let lastMoved = -1
    for (let iteration = 0; iteration < ITERATIONS_MAX; iteration += 1) {
      for (const [index, topicId] of sorted.entries()) {
        if (index === lastMoved) return
        const moved = this.#balanceTopic(topicId)
        if (moved > 0 || lastMoved === -1) lastMoved = index
      }
    }
  }

  /**
   * Moves partitions of one topic from its most to its least loaded subscribers. @returns how many
   */
  #balanceTopic(topicId: string): number {
    const balancer = this.#balancer(topicId)
    if (balancer.imbalance <= 1) return 0
    /** Each member's partitions of this topic, the next one to give away last. */
    const own = new Map<number, number[]>()
    for (const [partition, owner] of (this.#owners.get(topicId) ?? []).entries()) {
      const partitions = own.get(owner)
      if (partitions === undefined) own.set(owner, [partition])
      else partitions.push(partition)
    }
    let moved = 0
    while (!balancer.balanced) {
      const giver = balancer.nextMostLoaded((member) => (own.get(member)?.length ?? 0) > 0)
      const partition = giver === null ? undefined : own.get(giver)?.pop()
      if (partition === undefined) break
      const taker = balancer.nextLeastLoaded()
      if (balancer.balanced) break
      this.#give(topicId, partition, taker)
      moved += 1
    }
    return moved
  }

  #balancer(topicId: string): Balancer {
    return new Balancer(this.#subscribers.get(topicId) ?? [], this.#sizes)
  }

  #give(topicId: string, partition: number, member: number): void {
    const owners = this.#owners.get(topicId)
    const before = owners?.[partition]
    if (owners === undefined || before === undefined) return
    if (before !== NOBODY) this.#sizes[before] = (this.#sizes[before] ?? 0) - 1
    owners[partition] = member
    this.#sizes[member] = (this.#sizes[member] ?? 0) + 1
  }

  /** Most partitions for each subscriber first, then fewest subscribers, then by id. */
  #sorted(topicIds: readonly string[]): readonly string[] {
    const share = (id: string): number => this.#group.partitionsOf(id) / this.#countOf(id)
    return [...topicIds].sort(
      (a, b) => share(b) - share(a) || this.#countOf(a) - this.#countOf(b) || (a < b ? -1 : 1),
    )
  }

  #countOf(topicId: string): number {
    return this.#subscribers.get(topicId)?.length ?? 0
  }
}
