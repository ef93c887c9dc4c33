import type { Settings } from '../../settings.ts'
import { type AssignedTopic, decodeSubscription, encodeAssignment } from '../../wire/index.ts'
import type { ClassicGroup } from '../classic-group.ts'
import type { ClassicGroupRecord, TopicDirectory } from '../group-host.interface.ts'
import type { MemberInput } from '../member.ts'
import { chooseProtocol } from '../protocols.ts'
import { type Assignment, assignmentOf, NO_PARTITIONS, toTopicPartitions } from './assignment.ts'
import type { ConsumerMember } from './consumer-member.ts'
import type { Membership } from './membership.ts'
import type { Reconciliation } from './reconciliation.ts'
import type { ConsumerGroupRecord } from './records.ts'
import { describeTopics } from './subscriptions.ts'

const POLICY = 'group.consumer.migration.policy'

/**
 * A classic group goes on as a consumer group when a member of the consumer protocol joins it
 * (KIP-848, M9): its last assignment is the target and what the members have. Null where Kafka
 * refuses.
 */
export function toConsumerRecord(
  group: ClassicGroup,
  topics: TopicDirectory,
  settings: Settings,
): ConsumerGroupRecord | null {
  const allowed = ['upgrade', 'bidirectional'].includes(settings[POLICY].toLowerCase())
  if (!allowed || group.protocolType !== 'consumer') return null
  if (group.members.size > settings['group.consumer.max.size']) return null
  const protocol = group.protocol ?? chooseProtocol(group.members)
  const members: ConsumerMember[] = []
  for (const member of group.members.values()) {
    const subscription = decodeSubscription(member.metadataFor(protocol))
    if (subscription === null) return null
    const assigned = assignmentOf(
      member.partitions.flatMap(({ topic, partition }): [string, number][] => {
        const id = topics.get(topic)?.id
        return id === undefined ? [] : [[id, partition]]
      }),
    )
    const { memberId, clientId, clientHost, peer, rebalanceTimeoutMs, sessionTimeoutMs, protocols } = member
    members.push({
      memberId,
      instanceId: member.groupInstanceId,
      rackId: subscription.rackId,
      clientId,
      clientHost,
      peer,
      epoch: group.generation,
      previousEpoch: group.generation,
      state: 'stable',
      rebalanceTimeoutMs,
      assignor: null,
      topicNames: new Set(subscription.topics),
      topicRegex: '',
      assigned,
      revoking: NO_PARTITIONS,
      classic: { sessionTimeoutMs, protocols },
    })
  }
  const names = new Set(members.flatMap(({ topicNames }) => [...topicNames]))
  return {
    type: 'consumer',
    epoch: group.generation,
    assignmentEpoch: group.generation,
    members: new Map(members.map((member) => [member.memberId, member])),
    targets: new Map(members.map(({ memberId, assigned }) => [memberId, assigned])),
    resolved: new Map(),
    topics: describeTopics([...names].sort(), topics),
  }
}

/**
 * Whether, without these, only members of the classic protocol are left, and the group may go on as
 * theirs.
 */
export function mayDowngrade(
  membership: Membership,
  leavers: readonly ConsumerMember[],
  settings: Settings,
  replaced = false,
): boolean {
  if (!['downgrade', 'bidirectional'].includes(settings[POLICY].toLowerCase())) return false
  if (leavers.some(({ classic }) => classic !== null)) return false
  let classic = 0
  for (const member of membership.all()) if (member.classic !== null) classic += 1
  const left = membership.size - leavers.length
  return classic === left && left + (replaced ? 1 : 0) > 0 && left <= settings['group.max.size']
}

/** The group as a classic one: what was each member's target is its assignment. */
export function toClassicRecord(
  {
    membership,
    targets,
    epoch,
    emptySinceMs,
  }: Pick<Reconciliation, 'membership' | 'targets' | 'epoch' | 'emptySinceMs'>,
  leavers: readonly ConsumerMember[],
  topics: TopicDirectory,
): ClassicGroupRecord {
  const members = [...membership.all()]
    .filter((member) => !leavers.includes(member))
    .map((member) => ({
      input: inputOf(member),
      assignment: encodeAssignment(namedTopics(targets.get(member.memberId) ?? NO_PARTITIONS, topics)),
    }))
  const voters = new Map(members.map(({ input }) => [input.memberId, input]))
  return {
    type: 'classic',
    generation: epoch,
    leader: members[0]?.input.memberId ?? null,
    protocol: chooseProtocol(voters),
    protocolType: 'consumer',
    emptySinceMs,
    members,
  }
}

function inputOf(member: ConsumerMember): MemberInput {
  const { memberId, instanceId, clientId, clientHost, peer, rebalanceTimeoutMs, classic } = member
  return {
    memberId,
    groupInstanceId: instanceId,
    clientId,
    clientHost,
    peer,
    sessionTimeoutMs: classic?.sessionTimeoutMs ?? 0,
    rebalanceTimeoutMs,
    protocolType: 'consumer',
    protocols: classic?.protocols ?? [],
  }
}

export function namedTopics(assignment: Assignment, topics: TopicDirectory): AssignedTopic[] {
  return toTopicPartitions(assignment).flatMap(({ topicId, partitions }) => {
    const topic = topics.byId(topicId)?.name
    return topic === undefined ? [] : [{ topic, partitions }]
  })
}
