import type { Body } from '../wire/index.ts'
import { answerNow, code, type RequestContext, type Served } from './handler.ts'

interface Request {
  readonly groupId: string
  /** Versions 0 to 2. */
  readonly memberId: string
  /** Version 3 on. */
  readonly members: readonly { readonly memberId: string; readonly groupInstanceId: string | null }[]
}

/** LeaveGroup (13), versions 0 to 4: removes at once and rebalances (KAFKA.md G13; KIP-345). */
export const leaveGroup: Served = {
  key: 13,
  min: 0,
  max: 4,
  handler: answerNow<Request>(leave, ({ body }, errorCode) => ({
    errorCode,
    members: body.members.map(({ memberId, groupInstanceId }) => ({ memberId, groupInstanceId, errorCode })),
  })),
}

function leave({ cluster, broker, body, version }: RequestContext<Request>): Body {
  if (body.groupId === '') return { errorCode: code('INVALID_GROUP_ID'), members: [] }
  const refusal = cluster.coordinators.refusal(body.groupId, broker.id)
  if (refusal !== null) return { errorCode: code(refusal), members: [] }
  const group = cluster.coordinators.group(body.groupId)
  const ids = version < 3 ? [body.memberId] : body.members.map(({ memberId }) => memberId)
  const errors = group?.leave(ids) ?? ids.map(() => 'UNKNOWN_MEMBER_ID')
  if (version < 3) return { errorCode: code(errors[0] ?? 'NONE'), members: [] }
  const members = body.members.map(({ memberId, groupInstanceId }, index) => ({
    memberId,
    groupInstanceId,
    errorCode: code(errors[index] ?? 'NONE'),
  }))
  return { errorCode: 0, members }
}
