import { type SyncAnswer, syncRefusal } from '../group/member.ts'
import type { AnswerDraft } from '../wire/index.ts'
import { code, type RequestContext, served } from './handler.ts'

/** SyncGroup (14), versions 0 to 5. Waits for the leader's assignment (KAFKA.md G7, G8). */
export const syncGroup = served('SyncGroup')({
  min: 0,
  max: 5,
  handler: (context) => ({
    apply: (answer) => sync(context, (synced) => answer(bodyOf(synced))),
    refuse: (error) => bodyOf(syncRefusal(error)),
  }),
})

function bodyOf({ error, assignment, protocolType, protocol }: SyncAnswer): AnswerDraft<'SyncGroup'> {
  return { errorCode: code(error), protocolType, protocolName: protocol, assignment }
}

function sync(
  { cluster, broker, body, peer }: RequestContext<'SyncGroup'>,
  answer: (synced: SyncAnswer) => void,
): void {
  const refuse = (error: string): void => answer(syncRefusal(error))
  if (body.groupId === '') return refuse('INVALID_GROUP_ID')
  const refusal = cluster.coordinators.of(body.groupId).refusal(body.groupId, broker.id)
  if (refusal !== null) return refuse(refusal)
  const group = cluster.coordinators.of(body.groupId).group(body.groupId)
  if (group === undefined) return refuse('UNKNOWN_MEMBER_ID')
  const assignments = new Map(
    body.assignments.map(({ memberId, assignment }) => [memberId, Buffer.from(assignment)]),
  )
  group.sync(
    {
      memberId: body.memberId,
      groupInstanceId: body.groupInstanceId,
      generation: body.generationId,
      protocolType: body.protocolType,
      protocol: body.protocolName,
      peer,
      assignments,
    },
    answer,
  )
}
