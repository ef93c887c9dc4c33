import type { Observation, TopicPartition } from '../../core/history.ts'
import { parsePartitionName, partitionName } from '../../core/names.ts'
import type { ByProcess } from '../../core/world-event.ts'
import { type Body, decodeAssignment } from '../../kafka/index.ts'
import { type Exchange, type ExchangeOf, isOf } from '../gate/exchange.ts'

interface LearntMember extends ByProcess {
  readonly group: string
  generation: number
  /** The group no longer has it. */
  gone: boolean
}

type MemberRemoval = 'left' | 'session-expired' | 'fenced'

/**
 * Members, generations, assignments and fetched offsets, as the coordinators' answers tell of them.
 */
export class LearntGroups {
  readonly #observe: (observation: Observation) => void
  readonly #topicName: (id: string) => string | undefined
  readonly #members: Map<string, LearntMember> = new Map()
  /** Member ids that were given out, and that nobody has joined with yet. */
  readonly #promised: Map<string, ByProcess> = new Map()
  /** Member ids of each group's latest generation. */
  readonly #generations: Map<string, readonly string[]> = new Map()
  /** The owning process at the coordinator, by group and partition. */
  readonly #owners: Map<string, string> = new Map()
  /** The newest epoch of each group of KIP-848. */
  readonly #epochs: Map<string, number> = new Map()

  constructor(options: {
    observe(observation: Observation): void
    topicName(id: string): string | undefined
  }) {
    this.#observe = options.observe
    this.#topicName = options.topicName
  }

  /** Groups of which some process was a member. */
  get names(): string[] {
    return [...new Set([...this.#members.values()].map(({ group }) => group))]
  }

  topicName(id: string): string {
    return this.#topicName(id) ?? id
  }

  ownerOf(group: string, at: TopicPartition): string | null {
    return this.#owners.get(`${group}\0${partitionName(at)}`) ?? null
  }

  /** Members of an incarnation that its group still has, as far as anybody said. */
  membersOf(process: string, incarnation: number): { readonly memberId: string; readonly group: string }[] {
    return [...this.#members].flatMap(([memberId, member]) =>
      member.process === process && member.incarnation === incarnation && !member.gone
        ? [{ memberId, group: member.group }]
        : [],
    )
  }

  /** Processes that are members of the group, and the partitions that they own. */
  consumersOf(group: string): { readonly processes: string[]; readonly partitions: TopicPartition[] } {
    const members = [...this.#members.values()].filter((each) => each.group === group && !each.gone)
    const owned = [...this.#owners.keys()].flatMap((key) => {
      const [its, name = ''] = key.split('\0')
      const at = its === group ? parsePartitionName(name) : null
      return at === null ? [] : [at]
    })
    return { processes: [...new Set(members.map(({ process }) => process))], partitions: owned }
  }

  /** The coordinator has removed the member. */
  removed(memberId: string, reason: MemberRemoval): void {
    const member = this.#members.get(memberId)
    if (member === undefined || member.gone) return
    member.gone = true
    const { group, process, incarnation } = member
    this.#observe({ kind: 'member-removed', group, memberId, reason, process, incarnation })
    this.#disown(group, process)
  }

  /** Members of the group's latest generation, by member id; undefined: of an unknown process. */
  generationIn(group: string): ReadonlyMap<string, ByProcess | undefined> {
    return new Map((this.#generations.get(group) ?? []).map((id) => [id, this.#memberOf(id)]))
  }

  #memberOf(memberId: string): ByProcess | undefined {
    return this.#members.get(memberId) ?? this.#promised.get(memberId)
  }

  /** The generation of this member's latest assignment; −1 where it has none. */
  generationOf(memberId: string): number {
    return this.#members.get(memberId)?.generation ?? -1
  }

  applied(exchange: Exchange, error: string | null): void {
    if (isOf(exchange, 'OffsetFetch')) return this.#offsetsFetched(exchange)
    if (error !== null) return this.#refused(exchange, error)
    if (isOf(exchange, 'JoinGroup')) this.#joined(exchange)
    if (isOf(exchange, 'SyncGroup')) this.#synced(exchange)
    if (isOf(exchange, 'LeaveGroup')) this.#left(exchange)
    if (isOf(exchange, 'ConsumerGroupHeartbeat')) this.#beat(exchange)
  }

  /** A member that hears that nobody knows it has been expelled while it lived. */
  #refused({ request, answer, process, incarnation }: Exchange, error: string): void {
    if (error === 'MEMBER_ID_REQUIRED') this.#promised.set(memberIdIn(answer), { process, incarnation })
    if (error === 'UNKNOWN_MEMBER_ID' || error === 'FENCED_MEMBER_EPOCH')
      this.removed(memberIdIn(request), 'session-expired')
  }

  #joined({ request, answer, process, incarnation }: ExchangeOf<'JoinGroup'>): void {
    if (request === null || answer === null) return
    const { groupId: group } = request
    const { memberId, generationId: generation } = answer
    this.#join(memberId, { group, generation, process, incarnation, gone: false })
    if (answer.leader !== memberId) return
    const ids = answer.members.map((each) => each.memberId)
    // A member that is not among them has left the group.
    for (const [id, member] of this.#members)
      if (member.group === group && !ids.includes(id)) this.removed(id, 'session-expired')
    this.#generations.set(group, ids)
    const members = ids.map((id) => ({ memberId: id, process: this.#memberOf(id)?.process ?? '' }))
    this.#observe({ kind: 'generation', group, generation, members })
  }

  #join(memberId: string, member: LearntMember): void {
    const { group, process, incarnation } = member
    const known = this.#members.get(memberId)
    this.#members.set(memberId, member)
    const rejoin = known !== undefined && !known.gone
    this.#observe({ kind: 'member-joined', group, memberId, rejoin, process, incarnation })
  }

  #synced({ request, answer, process, incarnation }: ExchangeOf<'SyncGroup'>): void {
    if (request === null || answer === null) return
    const assignment = decodeAssignment(answer.assignment) ?? []
    this.#assign({
      group: request.groupId,
      memberId: request.memberId,
      generation: request.generationId,
      partitions: assignment.flatMap(({ topic, partitions }) =>
        partitions.map((partition) => ({ topic, partition })),
      ),
      process,
      incarnation,
    })
  }

  #assign(
    assigned: ByProcess & {
      readonly group: string
      readonly memberId: string
      readonly generation: number
      readonly partitions: readonly TopicPartition[]
    },
  ): void {
    const { group, process, partitions } = assigned
    this.#disown(group, process)
    for (const at of partitions) this.#owners.set(`${group}\0${partitionName(at)}`, process)
    this.#observe({ kind: 'assigned', ...assigned })
  }

  #left({ request }: ExchangeOf<'LeaveGroup'>): void {
    if (request === null) return
    const { members, memberId } = request
    const ids = members.length > 0 ? members.map((each) => each.memberId) : [memberId]
    for (const id of ids) this.removed(id, 'left')
  }

  /** KIP-848: one request joins, stays, learns an assignment and leaves. */
  #beat({ request, answer, process, incarnation }: ExchangeOf<'ConsumerGroupHeartbeat'>): void {
    if (request === null || answer === null) return
    const { groupId: group } = request
    const memberId = answer.memberId ?? request.memberId
    const { memberEpoch: epoch, assignment } = answer
    if (epoch < 0) return this.removed(memberId, 'left')
    if (request.memberEpoch === 0)
      this.#join(memberId, { group, generation: epoch, process, incarnation, gone: false })
    const member = this.#members.get(memberId)
    if (member !== undefined) member.generation = epoch
    if (epoch > (this.#epochs.get(group) ?? 0)) {
      this.#epochs.set(group, epoch)
      const members = [...this.#members].flatMap(([id, each]) =>
        each.group === group && !each.gone ? [{ memberId: id, process: each.process }] : [],
      )
      this.#observe({ kind: 'generation', group, generation: epoch, protocol: 'consumer', members })
    }
    if (assignment === null) return
    const partitions = assignment.topicPartitions.flatMap((each) =>
      each.partitions.map((partition) => ({ topic: this.topicName(each.topicId), partition })),
    )
    this.#assign({ group, memberId, generation: epoch, partitions, process, incarnation })
  }

  #offsetsFetched({ request, answer, process, incarnation }: ExchangeOf<'OffsetFetch'>): void {
    if (request === null || answer === null) return
    const groups =
      answer.groups.length > 0 ? answer.groups : [{ groupId: request.groupId, topics: answer.topics }]
    for (const { groupId: group, topics } of groups)
      for (const each of topics)
        for (const { partitionIndex: partition, committedOffset: offset, errorCode } of each.partitions) {
          if (errorCode !== 0) continue
          const topic = each.name || this.topicName('topicId' in each ? each.topicId : '')
          this.#observe({ kind: 'offset-fetched', group, topic, partition, offset, process, incarnation })
        }
  }

  #disown(group: string, process: string): void {
    for (const [key, owner] of this.#owners)
      if (owner === process && key.startsWith(`${group}\0`)) this.#owners.delete(key)
  }
}

/** The member id in a body of any api, or nothing. */
function memberIdIn(body: Body | null): string {
  const { memberId } = body ?? {}
  return typeof memberId === 'string' ? memberId : ''
}
