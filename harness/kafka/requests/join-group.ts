import { type JoinAnswer, joinRefusal } from '../group/member.ts'
import type { AnswerDraft } from '../wire/index.ts'
import { code, type RequestContext, served } from './handler.ts'

const MEMBER_ID_REQUIRED_SINCE = 4
const SKIP_ASSIGNMENT_SINCE = 9

/**
 * JoinGroup (11), versions 0 to 9. Waits for the generation (KAFKA.md G1 to G6, G11, G12, G14;
 * KIP-62, KIP-345, KIP-394, KIP-814). The reason that version 8 gives is not kept.
 */
export const joinGroup = served('JoinGroup')({
  min: 0,
  max: 9,
  handler: (context) => ({
    apply: (answer) => join(context, (joined) => answer(bodyOf(context, joined))),
    refuse: (error) => bodyOf(context, joinRefusal(error, context.body.memberId)),
  }),
})

function bodyOf({ version }: RequestContext<'JoinGroup'>, joined: JoinAnswer): AnswerDraft<'JoinGroup'> {
  return {
    errorCode: code(joined.error),
    generationId: joined.generation,
    protocolType: joined.protocolType,
    protocolName: version >= 7 ? joined.protocol : (joined.protocol ?? ''),
    leader: joined.leader,
    skipAssignment: joined.skipAssignment ?? false,
    memberId: joined.memberId,
    members: joined.members,
  }
}

function join(context: RequestContext<'JoinGroup'>, answer: (joined: JoinAnswer) => void): void {
  const { cluster, broker, body, version, peer, clientId } = context
  const refuse = (error: string): void => answer(joinRefusal(error, body.memberId))
  if (body.groupId === '') return refuse('INVALID_GROUP_ID')
  const { sessionTimeoutMs } = body
  const { settings } = cluster
  if (
    sessionTimeoutMs < settings['group.min.session.timeout.ms'] ||
    sessionTimeoutMs > settings['group.max.session.timeout.ms']
  ) {
    return refuse('INVALID_SESSION_TIMEOUT')
  }
  const refusal = cluster.coordinators.of(body.groupId).refusal(body.groupId, broker.id)
  if (refusal !== null) return refuse(refusal)
  if (body.memberId !== '' && cluster.coordinators.of(body.groupId).group(body.groupId) === undefined)
    return refuse('UNKNOWN_MEMBER_ID')
  const input = {
    memberId: body.memberId,
    groupInstanceId: body.groupInstanceId,
    clientId,
    clientHost: `/${peer.process}`,
    peer,
    sessionTimeoutMs,
    rebalanceTimeoutMs: version === 0 ? sessionTimeoutMs : body.rebalanceTimeoutMs,
    protocolType: body.protocolType,
    protocols: body.protocols,
  }
  const options = {
    requireKnownId: version >= MEMBER_ID_REQUIRED_SINCE,
    maySkipAssignment: version >= SKIP_ASSIGNMENT_SINCE,
  }
  cluster.coordinators.of(body.groupId).groupToJoin(body.groupId).join(input, options, answer)
}
