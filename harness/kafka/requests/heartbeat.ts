import { answerNow, code, type RequestContext, type Served } from './handler.ts'

interface Request {
  readonly groupId: string
  readonly generationId: number
  readonly memberId: string
  readonly groupInstanceId: string | null
}

/** Heartbeat (12), versions 0 to 4 (KAFKA.md G9). A coordinator that is still loading says that all is well. */
export const heartbeat: Served = {
  key: 12,
  min: 0,
  max: 4,
  handler: answerNow<Request>(
    (context) => ({ errorCode: code(beat(context)) }),
    (_context, errorCode) => ({ errorCode }),
  ),
}

function beat({ cluster, broker, body }: RequestContext<Request>): string {
  if (body.groupId === '') return 'INVALID_GROUP_ID'
  const refusal = cluster.coordinators.refusal(body.groupId, broker.id)
  if (refusal === 'COORDINATOR_LOAD_IN_PROGRESS') return 'NONE'
  if (refusal !== null) return refusal
  const { memberId, generationId: generation } = body
  const identity = { memberId, groupInstanceId: body.groupInstanceId ?? null, generation }
  return cluster.coordinators.group(body.groupId)?.heartbeat(identity) ?? 'UNKNOWN_MEMBER_ID'
}
