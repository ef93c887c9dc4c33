import { inHashMapOrder } from '../state-log/java-hash.ts'
import type { Member } from './member.ts'

/**
 * The members of a classic group, by member id and by `group.instance.id` (KIP-345), and the
 * group's leader.
 */
export class Roster {
  readonly members: Map<string, Member> = new Map()
  leader: string | null = null
  readonly #instances: Map<string, string> = new Map()

  /** The first one leads. */
  add(member: Member): void {
    this.members.set(member.memberId, member)
    if (member.groupInstanceId !== null) this.#instances.set(member.groupInstanceId, member.memberId)
    this.leader ??= member.memberId
  }

  remove({ memberId, groupInstanceId }: Member): void {
    this.members.delete(memberId)
    if (groupInstanceId !== null && this.#instances.get(groupInstanceId) === memberId)
      this.#instances.delete(groupInstanceId)
    if (this.leader === memberId) this.leader = inHashMapOrder([...this.members.keys()])[0] ?? null
  }

  /** A static member comes back under another member id, and leads if the old one did. */
  replace(old: Member, replacement: Member): void {
    const led = this.leader === old.memberId
    this.remove(old)
    this.add(replacement)
    if (led) this.leader = replacement.memberId
  }

  /** The member that holds this instance id. */
  static(groupInstanceId: string): Member | undefined {
    return this.members.get(this.#instances.get(groupInstanceId) ?? '')
  }

  /**
   * The error of this identity, by Kafka's name, or null: another member may hold the instance id
   * by now.
   */
  refusal(memberId: string, groupInstanceId: string | null): string | null {
    if (groupInstanceId !== null) {
      const holder = this.#instances.get(groupInstanceId)
      if (holder === undefined) return 'UNKNOWN_MEMBER_ID'
      if (holder !== memberId) return 'FENCED_INSTANCE_ID'
    }
    return this.members.has(memberId) ? null : 'UNKNOWN_MEMBER_ID'
  }

  get rebalanceTimeoutMs(): number {
    let max = 0
    for (const { rebalanceTimeoutMs } of this.members.values()) max = Math.max(max, rebalanceTimeoutMs)
    return max
  }

  get joining(): number {
    let count = 0
    for (const { joining } of this.members.values()) if (joining !== null) count += 1
    return count
  }

  /**
   * The leader stays, unless it has not joined: then, as when it has gone, the first leads that
   * Kafka comes upon in its map, which follows from member ids that are drawn at random.
   */
  chooseLeader(): void {
    const leader = this.leader === null ? undefined : this.members.get(this.leader)
    if (leader !== undefined && leader.joining !== null) return
    const isJoining = (memberId: string): boolean => (this.members.get(memberId)?.joining ?? null) !== null
    const order = inHashMapOrder([...this.members.keys()])
    this.leader = order.find(isJoining) ?? this.leader
  }
}
