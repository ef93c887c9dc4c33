import { type SyncAnswer, syncRefusal } from '../group/member.ts'
import type { Body } from '../wire/index.ts'
import { code, handle, type RequestContext, type Served } from './handler.ts'

interface Request {
  readonly groupId: string
  readonly generationId: number
  readonly memberId: string
  readonly groupInstanceId: string | null
  readonly protocolType: string | null
  readonly protocolName: string | null
  readonly assignments: readonly { readonly memberId: string; readonly assignment: Buffer }[]
}

/** SyncGroup (14), versions 0 to 5. Waits for the leader's assignment (KAFKA.md G7, G8). */
export const syncGroup: Served = {
  key: 14,
  min: 0,
  max: 5,
  handler: handle<Request>((context) => ({
    apply: (answer) => sync(context, (synced) => answer(bodyOf(synced))),
    refuse: (error) => bodyOf(syncRefusal(error)),
  })),
}

function bodyOf({ error, assignment, protocolType, protocol }: SyncAnswer): Body {
  return { errorCode: code(error), protocolType, protocolName: protocol, assignment }
}

function sync(
  { cluster, broker, body, peer }: RequestContext<Request>,
  answer: (synced: SyncAnswer) => void,
): void {
  const refuse = (error: string): void => answer(syncRefusal(error))
  if (body.groupId === '') return refuse('INVALID_GROUP_ID')
  const refusal = cluster.coordinators.refusal(body.groupId, broker.id)
  if (refusal !== null) return refuse(refusal)
  const group = cluster.coordinators.group(body.groupId)
  if (group === undefined) return refuse('UNKNOWN_MEMBER_ID')
  const assignments = new Map(
    body.assignments.map(({ memberId, assignment }) => [memberId, Buffer.from(assignment)]),
  )
  group.sync(
    {
      memberId: body.memberId,
      groupInstanceId: body.groupInstanceId ?? null,
      generation: body.generationId,
      protocolType: body.protocolType ?? null,
      protocol: body.protocolName ?? null,
      peer,
      assignments,
    },
    answer,
  )
}
