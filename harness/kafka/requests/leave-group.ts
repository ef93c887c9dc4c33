import type { AnswerDraft } from '../wire/index.ts'
import { code, type RequestContext, servedAtOnce } from './handler.ts'

/** LeaveGroup (13), versions 0 to 5: removes at once and rebalances (KAFKA.md G13; KIP-345). */
export const leaveGroup = servedAtOnce('LeaveGroup')({
  min: 0,
  max: 5,
  apply: leave,
  refuse: ({ body }, errorCode) => ({
    errorCode,
    members: body.members.map(({ memberId, groupInstanceId }) => ({ memberId, groupInstanceId, errorCode })),
  }),
})

function leave({ cluster, broker, body, version }: RequestContext<'LeaveGroup'>): AnswerDraft<'LeaveGroup'> {
  if (body.groupId === '') return { errorCode: code('INVALID_GROUP_ID'), members: [] }
  const refusal = cluster.coordinators.of(body.groupId).refusal(body.groupId, broker.id)
  if (refusal !== null) return { errorCode: code(refusal), members: [] }
  const group = cluster.coordinators.of(body.groupId).group(body.groupId)
  const leavers = version < 3 ? [{ memberId: body.memberId, groupInstanceId: null }] : body.members
  const errors = group?.leave(leavers) ?? leavers.map(() => 'UNKNOWN_MEMBER_ID')
  if (version < 3) return { errorCode: code(errors[0] ?? 'NONE'), members: [] }
  const members = body.members.map(({ memberId, groupInstanceId }, index) => ({
    memberId,
    groupInstanceId,
    errorCode: code(errors[index] ?? 'NONE'),
  }))
  return { errorCode: 0, members }
}
