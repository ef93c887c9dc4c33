import { fromTopicPartitions, toTopicPartitions } from '../group/consumer-group/assignment.ts'
import type { ConsumerHeartbeatAnswer } from '../group/consumer-group/heartbeat.interface.ts'
import type { AnswerDraft } from '../wire/index.ts'
import { code, type RequestContext, served } from './handler.ts'

const MEMBER_NAMES_ITSELF_SINCE = 1

/**
 * ConsumerGroupHeartbeat (68), versions 0 and 1 (KAFKA.md M1 to M8; KIP-848): joins, stays, reports
 * what it owns, learns what it is to own, and leaves. Regular expressions are JavaScript's, not
 * RE2's.
 */
export const consumerGroupHeartbeat = served('ConsumerGroupHeartbeat')({
  min: 0,
  max: 1,
  handler: (context) => ({
    apply: (answer) => beat(context, (told) => answer(bodyOf(context, told))),
    refuse: (error) => ({ errorCode: code(error) }),
  }),
})

function bodyOf(
  { cluster, body }: RequestContext<'ConsumerGroupHeartbeat'>,
  told: ConsumerHeartbeatAnswer,
): AnswerDraft<'ConsumerGroupHeartbeat'> {
  if (!('memberId' in told)) return { errorCode: code(told.error), errorMessage: told.error }
  const { memberId, memberEpoch, assignment } = told
  return {
    errorCode: 0,
    memberId,
    memberEpoch,
    heartbeatIntervalMs: memberEpoch < 0 ? 0 : cluster.groupConfigs.heartbeatIntervalMs(body.groupId),
    assignment: assignment === null ? null : { topicPartitions: toTopicPartitions(assignment) },
  }
}

function beat(
  context: RequestContext<'ConsumerGroupHeartbeat'>,
  answer: (told: ConsumerHeartbeatAnswer) => void,
): void {
  const { cluster, broker, body, peer, clientId } = context
  const refusal = invalid(context) ?? cluster.coordinators.of(body.groupId).refusal(body.groupId, broker.id)
  if (refusal !== null) return answer({ error: refusal })
  const { memberId, memberEpoch, instanceId, rackId, rebalanceTimeoutMs } = body
  const heartbeat = {
    memberId,
    memberEpoch,
    instanceId,
    rackId,
    rebalanceTimeoutMs,
    topicNames: body.subscribedTopicNames,
    topicRegex: body.subscribedTopicRegex,
    assignor: body.serverAssignor,
    owned: body.topicPartitions === null ? null : fromTopicPartitions(body.topicPartitions),
    clientId,
    clientHost: `/${peer.process}`,
    peer,
  }
  const { coordinators } = cluster
  const group =
    memberEpoch === 0
      ? coordinators.of(body.groupId).groupToSubscribe(body.groupId, heartbeat)
      : (coordinators.of(body.groupId).consumerGroup(body.groupId) ?? 'GROUP_ID_NOT_FOUND')
  if (typeof group === 'string') return answer({ error: group })
  group.beat(heartbeat, answer)
}

/** The error of the request as such, whichever group it is for. */
function invalid({ cluster, body, version }: RequestContext<'ConsumerGroupHeartbeat'>): string | null {
  const { memberEpoch } = body
  const needsId = version >= MEMBER_NAMES_ITSELF_SINCE || memberEpoch > 0 || memberEpoch === -1
  const blank = (text: string | null): boolean => text !== null && text.trim() === ''
  if (needsId && blank(body.memberId)) return 'INVALID_REQUEST'
  if (blank(body.groupId) || blank(body.instanceId) || blank(body.rackId)) return 'INVALID_REQUEST'
  if (memberEpoch === 0) {
    const subscribes = body.subscribedTopicNames !== null || body.subscribedTopicRegex !== null
    const ownsNothing = body.topicPartitions?.length === 0
    if (body.rebalanceTimeoutMs === -1 || !ownsNothing || !subscribes) return 'INVALID_REQUEST'
  }
  if (memberEpoch < -2 || (memberEpoch === -2 && body.instanceId === null)) return 'INVALID_REQUEST'
  const assignors = cluster.settings['group.consumer.assignors'].split(',').map((name) => name.trim())
  const { serverAssignor } = body
  return serverAssignor === null || assignors.includes(serverAssignor) ? null : 'UNSUPPORTED_ASSIGNOR'
}
