import { code, type RequestContext, served } from './handler.ts'

/**
 * Results that are answered after the coordinator's earlier writes are replicated; other errors are
 * answered at once.
 */
const OF_A_MEMBER = new Set(['NONE', 'REBALANCE_IN_PROGRESS'])

/**
 * Heartbeat (12), versions 0 to 4 (KAFKA.md G9). A coordinator that is still loading says that all
 * is well. As Kafka 4's CoordinatorRuntime has it, a heartbeat waits for the commits before it, so
 * that it is COORDINATOR_NOT_AVAILABLE where those are not replicated (C4).
 */
export const heartbeat = served('Heartbeat')({
  min: 0,
  max: 4,
  handler: (context) => ({
    apply: (answer) => {
      const { cluster, broker, body } = context
      const { coordinators } = cluster
      const error = beat(context)
      const waits =
        OF_A_MEMBER.has(error) && coordinators.of(body.groupId).refusal(body.groupId, broker.id) === null
      if (!waits) return answer({ errorCode: code(error) })
      coordinators
        .of(body.groupId)
        .afterWrites(body.groupId, (failed) => answer({ errorCode: code(failed ?? error) }))
    },
    refuse: (error) => ({ errorCode: code(error) }),
  }),
})

function beat({ cluster, broker, body }: RequestContext<'Heartbeat'>): string {
  if (body.groupId === '') return 'INVALID_GROUP_ID'
  const refusal = cluster.coordinators.of(body.groupId).refusal(body.groupId, broker.id)
  if (refusal === 'COORDINATOR_LOAD_IN_PROGRESS') return 'NONE'
  if (refusal !== null) return refusal
  const { memberId, generationId: generation } = body
  const identity = { memberId, groupInstanceId: body.groupInstanceId ?? null, generation }
  return cluster.coordinators.of(body.groupId).group(body.groupId)?.heartbeat(identity) ?? 'UNKNOWN_MEMBER_ID'
}
