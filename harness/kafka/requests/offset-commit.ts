import { commitRefusal } from '../group/commit-refusal.ts'
import { answerEach, commitOffsets } from './commit-offsets.ts'
import { code, type RequestContext, served } from './handler.ts'

/**
 * OffsetCommit (8), versions 0 to 9 (KAFKA.md O1 to O7, O11). Answered when the offsets are
 * replicated. Members and generations are checked; the owner of a partition is not, and a lower
 * offset is as good as a higher one. Version 0 stored offsets in ZooKeeper; here it is like 1.
 */
export const offsetCommit = served('OffsetCommit')({
  min: 0,
  max: 9,
  handler: (context) => ({
    apply: (answer) => {
      const { memberId, generationIdOrMemberEpoch: generation, retentionTimeMs } = context.body
      const refusal = refusalOf(context)
      const retentionMs = retentionTimeMs < 0n ? null : Number(retentionTimeMs)
      const by = { memberId, generation, producer: null }
      commitOffsets(context, { by, ordinal: context.ordinal(), refusal, retentionMs }, answer)
    },
    refuse: (error) => answerEach(context, () => code(error)),
  }),
})

/** The error of the whole request, or null. */
function refusalOf({ cluster, broker, body, version }: RequestContext<'OffsetCommit'>): string | null {
  const refusal = cluster.coordinators.of(body.groupId).refusal(body.groupId, broker.id)
  if (refusal !== null) return refusal
  const generation = body.generationIdOrMemberEpoch
  const { groupId, memberId, groupInstanceId } = body
  const group = cluster.coordinators.of(groupId).group(groupId)
  return commitRefusal(group, { memberId, groupInstanceId, generation, version })
}
