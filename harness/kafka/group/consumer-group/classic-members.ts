import { decodeSubscription, encodeAssignment } from '../../wire/index.ts'
import type { Identity, JoinOptions, SyncRequest } from '../group.interface.ts'
import type { GroupHost } from '../group-host.interface.ts'
import { type JoinAnswer, joinRefusal, type MemberInput, type SyncAnswer, syncRefusal } from '../member.ts'
import { type Assignment, assignmentOf, holds, NO_PARTITIONS, pairsOf } from './assignment.ts'
import { type ConsumerMember, newMember } from './consumer-member.ts'
import { mayDowngrade, namedTopics, toClassicRecord } from './conversion.ts'
import type { Reconciliation } from './reconciliation.ts'

const PROTOCOL_TYPE = 'consumer'

/**
 * Members of a consumer group that still speak the classic protocol (KIP-848, M9): their joins and
 * syncs are translated, the coordinator assigns for them, and nobody leads.
 */
export class ClassicMembers {
  readonly #core: Reconciliation
  readonly #host: GroupHost

  constructor(core: Reconciliation, host: GroupHost) {
    this.#core = core
    this.#host = host
  }

  join(input: MemberInput, { requireKnownId }: JoinOptions, answer: (answer: JoinAnswer) => void): void {
    const refuse = (error: string, memberId = input.memberId): void => answer(joinRefusal(error, memberId))
    const { membership } = this.#core
    const known = membership.get(input.memberId)
    if (known === undefined && membership.size >= this.#host.settings['group.consumer.max.size'])
      return refuse('GROUP_MAX_SIZE_REACHED')
    if (!this.#supports(input)) return refuse('INCONSISTENT_GROUP_PROTOCOL')
    const isNew = input.memberId === ''
    const memberId = isNew ? this.#host.newUuid() : input.memberId
    if (isNew && requireKnownId && input.groupInstanceId === null)
      return refuse('MEMBER_ID_REQUIRED', memberId)
    const subscription = decodeSubscription(input.protocols[0]?.metadata ?? Buffer.alloc(0))
    if (subscription === null) return refuse('UNKNOWN_SERVER_ERROR')
    const found = this.#find(input, memberId)
    if (typeof found === 'string') return refuse(found)
    const { before, replaces } = found
    const after: ConsumerMember = {
      ...before,
      instanceId: input.groupInstanceId ?? before.instanceId,
      rackId: subscription.rackId ?? before.rackId,
      rebalanceTimeoutMs: input.rebalanceTimeoutMs,
      topicNames: new Set(subscription.topics),
      clientId: input.clientId,
      clientHost: input.clientHost,
      peer: input.peer,
      classic: { sessionTimeoutMs: input.sessionTimeoutMs, protocols: input.protocols },
    }
    const owned = this.#assignmentOf(subscription.ownedPartitions)
    const downgrades = replaces !== null && mayDowngrade(membership, [replaces], this.#host.settings, true)
    const refusal = downgrades ? this.#host.refusal(this.#core.id) : null
    if (refusal !== null) return refuse(refusal)
    const { epoch } = this.#core
    const targets = new Map(downgrades ? this.#core.targets : [])
    const member = this.#core.advance({ before, after, owned, replaces })
    const joined: JoinAnswer = {
      error: 'NONE',
      memberId,
      generation: member.epoch,
      protocolType: PROTOCOL_TYPE,
      protocol: input.protocols[0]?.name ?? null,
      leader: '',
      members: [],
    }
    this.#core.timers.cancel(memberId, 'join')
    if (downgrades) {
      // The classic group begins with the previous targets; what this join made of them is
      // forgotten.
      targets.set(memberId, targets.get(replaces.memberId) ?? NO_PARTITIONS)
      const { emptySinceMs } = this.#core
      const record = toClassicRecord({ membership, targets, epoch, emptySinceMs }, [], this.#host.topics)
      this.#core.events.tell()
      this.#host.downgrade(this.#core.id, record, null)
      return answer(joined)
    }
    this.#core.startSession(member)
    this.#core.awaitSync(member)
    this.#core.write((error) => (error === null ? answer(joined) : refuse(error)))
  }

  #supports({ protocolType, protocols }: MemberInput): boolean {
    if (protocolType !== PROTOCOL_TYPE) return false
    const classic = [...this.#core.membership.all()].flatMap((member) => member.classic ?? [])
    return protocols.some(({ name }) =>
      classic.every((each) => each.protocols.some((protocol) => protocol.name === name)),
    )
  }

  #find(
    input: MemberInput,
    memberId: string,
  ): { readonly before: ConsumerMember; readonly replaces: ConsumerMember | null } | string {
    const { membership } = this.#core
    const known = membership.get(memberId) ?? newMember(memberId, input)
    if (input.groupInstanceId === null) return { before: known, replaces: null }
    const holder = membership.static(input.groupInstanceId)
    if (input.memberId === '') {
      if (holder === undefined) return { before: known, replaces: null }
      return { before: { ...holder, memberId, epoch: 0, previousEpoch: 0 }, replaces: holder }
    }
    if (holder === undefined) return 'UNKNOWN_MEMBER_ID'
    return holder.memberId === memberId ? { before: holder, replaces: null } : 'FENCED_INSTANCE_ID'
  }

  #assignmentOf(owned: readonly { topic: string; partitions: readonly number[] }[]): Assignment {
    return assignmentOf(
      owned.flatMap(({ topic, partitions }) => {
        const id = this.#host.topics.get(topic)?.id
        return id === undefined ? [] : partitions.map((partition): [string, number] => [id, partition])
      }),
    )
  }

  sync(request: SyncRequest, answer: (answer: SyncAnswer) => void): void {
    const refuse = (error: string): void => answer(syncRefusal(error))
    const member = this.#memberOf(request)
    if (typeof member === 'string') return refuse(member)
    const [protocol] = member.classic?.protocols ?? []
    const otherProtocol =
      (request.protocolType !== null && request.protocolType !== PROTOCOL_TYPE) ||
      (request.protocol !== null && request.protocol !== protocol?.name)
    if (otherProtocol) return refuse('INCONSISTENT_GROUP_PROTOCOL')
    if (this.#core.epoch > member.epoch && member.state !== 'unrevoked') {
      this.#core.awaitJoin(member)
      return refuse('REBALANCE_IN_PROGRESS')
    }
    this.#core.timers.cancel(member.memberId, 'sync')
    this.#core.startSession(member)
    answer({
      error: 'NONE',
      assignment: encodeAssignment(namedTopics(member.assigned, this.#host.topics)),
      protocolType: request.protocolType,
      protocol: request.protocol,
    })
  }

  heartbeat(request: Identity & { readonly generation: number }): string {
    const member = this.#memberOf(request)
    if (typeof member === 'string') return member
    this.#core.startSession(member)
    const mustJoin =
      member.epoch < this.#core.epoch ||
      member.state === 'unrevoked' ||
      (member.state === 'unreleased' && !this.#waitsForOthers(member))
    if (!mustJoin) return 'NONE'
    this.#core.awaitJoin(member)
    return 'REBALANCE_IN_PROGRESS'
  }

  #memberOf({
    memberId,
    groupInstanceId,
    generation,
  }: Identity & { readonly generation: number }): ConsumerMember | string {
    const { membership } = this.#core
    const member = groupInstanceId === null ? membership.get(memberId) : membership.static(groupInstanceId)
    if (member === undefined) return 'UNKNOWN_MEMBER_ID'
    if (member.memberId !== memberId) return 'FENCED_INSTANCE_ID'
    if (member.classic === null) return 'UNKNOWN_MEMBER_ID'
    return member.epoch === generation ? member : 'ILLEGAL_GENERATION'
  }

  #waitsForOthers({ memberId, assigned }: ConsumerMember): boolean {
    for (const [topicId, partition] of pairsOf(this.#core.targets.get(memberId) ?? new Map())) {
      if (!holds(assigned, topicId, partition) && this.#core.membership.ownerOf(topicId, partition))
        return true
    }
    return false
  }
}
