import { type Assignment, toTopicPartitions } from '../group/consumer-group/assignment.ts'
import type { ConsumerGroup } from '../group/consumer-group/consumer-group.ts'
import type { ConsumerMember } from '../group/consumer-group/consumer-member.ts'
import type { AnswerDraft, ElementOf } from '../wire/index.ts'
import { code, type RequestContext, servedAtOnce } from './handler.ts'

const CLASSIC = 0
const CONSUMER = 1

type DescribedConsumerGroup = ElementOf<AnswerDraft<'ConsumerGroupDescribe'>['groups']>
type DescribedMember = ElementOf<DescribedConsumerGroup['members']>
type NamedAssignment = NonNullable<DescribedMember['assignment']>

/**
 * ConsumerGroupDescribe (69), versions 0 and 1 (KIP-848; 1 tells which members speak the classic
 * protocol).
 */
export const consumerGroupDescribe = servedAtOnce('ConsumerGroupDescribe')({
  min: 0,
  max: 1,
  apply: (context) => ({ groups: context.body.groupIds.map((id) => describe(context, id)) }),
  refuse: ({ body }, errorCode) => ({ groups: body.groupIds.map((id) => failed(id, errorCode)) }),
})

function failed(
  groupId: string,
  errorCode: number,
  errorMessage: string | null = null,
): DescribedConsumerGroup {
  return { errorCode, errorMessage, groupId, groupState: '', assignorName: '', members: [] }
}

function describe(
  { cluster, broker }: RequestContext<'ConsumerGroupDescribe'>,
  groupId: string,
): DescribedConsumerGroup {
  if (groupId === '') return failed(groupId, code('INVALID_GROUP_ID'))
  const refusal = cluster.coordinators.of(groupId).refusal(groupId, broker.id)
  if (refusal !== null) return failed(groupId, code(refusal))
  const group = cluster.coordinators.of(groupId).consumerGroup(groupId)
  if (group === undefined) {
    const other = cluster.coordinators.of(groupId).group(groupId) !== undefined
    const why = other ? `Group ${groupId} is not a consumer group.` : `Group ${groupId} not found.`
    return failed(groupId, code('GROUP_ID_NOT_FOUND'), why)
  }
  const named = (assignment: Assignment): NamedAssignment => ({
    topicPartitions: toTopicPartitions(assignment).flatMap(({ topicId, partitions }) => {
      const topicName = cluster.topics.byId(topicId)?.name
      return topicName === undefined ? [] : [{ topicId, topicName, partitions }]
    }),
  })
  return {
    errorCode: 0,
    groupId,
    groupState: group.state,
    groupEpoch: group.generation,
    assignmentEpoch: group.assignmentEpoch,
    assignorName: group.assignor,
    members: [...group.members].map((member) => describeMember(group, member, named)),
  }
}

function describeMember(
  group: ConsumerGroup,
  member: ConsumerMember,
  named: (assignment: Assignment) => NamedAssignment,
): DescribedMember {
  const { memberId, instanceId, rackId, epoch, clientId, clientHost, topicNames, topicRegex } = member
  return {
    memberId,
    instanceId,
    rackId,
    memberEpoch: epoch,
    clientId,
    clientHost,
    subscribedTopicNames: [...topicNames],
    subscribedTopicRegex: topicRegex === '' ? null : topicRegex,
    assignment: named(member.assigned),
    targetAssignment: named(group.targetOf(memberId)),
    memberType: member.classic === null ? CONSUMER : CLASSIC,
  }
}
