import { type Assignment, keyOf, pairsOf } from './assignment.ts'
import { type ConsumerMember, sameNames } from './consumer-member.ts'

/**
 * The members of a consumer group, by member id and by instance id, and the owner of each
 * partition.
 */
export class Membership {
  readonly #members: Map<string, ConsumerMember> = new Map()
  readonly #instances: Map<string, string> = new Map()
  /** Member ids by partition: assigned, or not yet given up. */
  readonly #owners: Map<string, string> = new Map()
  /** Another number means that members subscribe to something else. */
  subscriptionsVersion = 0

  get size(): number {
    return this.#members.size
  }

  all(): Iterable<ConsumerMember> {
    return this.#members.values()
  }

  get(memberId: string): ConsumerMember | undefined {
    return this.#members.get(memberId)
  }

  static(instanceId: string): ConsumerMember | undefined {
    return this.#members.get(this.#instances.get(instanceId) ?? '')
  }

  put(member: ConsumerMember): void {
    const before = this.#members.get(member.memberId)
    if (before !== undefined) this.#release(before)
    const subscribesAsBefore =
      before !== undefined &&
      before.topicRegex === member.topicRegex &&
      sameNames(before.topicNames, member.topicNames)
    if (!subscribesAsBefore) this.subscriptionsVersion += 1
    this.#members.set(member.memberId, member)
    if (member.instanceId !== null) this.#instances.set(member.instanceId, member.memberId)
    for (const partitions of [member.assigned, member.revoking])
      for (const key of keysOf(partitions)) this.#owners.set(key, member.memberId)
  }

  /** These, and nobody else. */
  reset(members: Iterable<ConsumerMember>): void {
    for (const member of [...this.#members.values()]) this.remove(member)
    for (const member of members) this.put(member)
  }

  remove(member: ConsumerMember): void {
    this.#release(member)
    this.#members.delete(member.memberId)
    this.subscriptionsVersion += 1
    const { instanceId } = member
    if (instanceId !== null && this.#instances.get(instanceId) === member.memberId)
      this.#instances.delete(instanceId)
  }

  #release({ memberId, assigned, revoking }: ConsumerMember): void {
    for (const partitions of [assigned, revoking])
      for (const key of keysOf(partitions)) if (this.#owners.get(key) === memberId) this.#owners.delete(key)
  }

  ownerOf(topicId: string, partition: number): ConsumerMember | undefined {
    return this.#members.get(this.#owners.get(keyOf(topicId, partition)) ?? '')
  }
}

function* keysOf(assignment: Assignment): Iterable<string> {
  for (const [topicId, partition] of pairsOf(assignment)) yield keyOf(topicId, partition)
}
