import type { AnswerDraft, ElementOf } from '../wire/index.ts'
import { code, type RequestContext, servedAtOnce } from './handler.ts'

interface WantedOffsets {
  readonly groupId: string
  /** Version 9 on, where a member of the consumer protocol asks. */
  readonly memberId: string | null
  readonly memberEpoch: number
  /** Null asks for all, from version 2 on. */
  readonly topics: readonly { readonly name: string; readonly partitionIndexes: readonly number[] }[] | null
}

/** The answer for the one group of versions before 8, and what later ones say of each. */
type FetchedGroup = Omit<ElementOf<AnswerDraft<'OffsetFetch'>['groups']>, 'groupId'>
type FetchedOffset = ElementOf<ElementOf<FetchedGroup['topics']>['partitions']>

const SEVERAL_GROUPS_SINCE = 8

/**
 * OffsetFetch (9), versions 0 to 9. Nothing committed is offset −1 and no error (KAFKA.md O8); an
 * offset that a transaction is about to change is UNSTABLE_OFFSET_COMMIT for a client that requires
 * stable ones (O9, KIP-447); several groups at once (KIP-709); members of consumer groups are asked
 * for their epoch (O12).
 */
export const offsetFetch = servedAtOnce('OffsetFetch')({
  min: 0,
  max: 9,
  apply: (context) => each(context, (wanted) => fetchOffsets(context, wanted)),
  refuse: (context, errorCode) => each(context, (wanted) => failed(context, wanted, errorCode)),
})

function each(
  { body, version }: RequestContext<'OffsetFetch'>,
  answer: (wanted: WantedOffsets) => FetchedGroup,
): AnswerDraft<'OffsetFetch'> {
  if (version < SEVERAL_GROUPS_SINCE) return answer({ ...body, memberId: null, memberEpoch: -1 })
  return { groups: body.groups.map((wanted) => ({ groupId: wanted.groupId, ...answer(wanted) })) }
}

/**
 * Before version 2 the error stands at each partition; later versions have it above, and nothing
 * below.
 */
function failed(
  { version }: RequestContext<'OffsetFetch'>,
  { topics }: WantedOffsets,
  errorCode: number,
): FetchedGroup {
  if (version >= 2) return { errorCode, topics: [] }
  return {
    errorCode,
    topics: (topics ?? []).map(({ name, partitionIndexes }) => ({
      name,
      partitions: partitionIndexes.map((partitionIndex) => ({
        partitionIndex,
        committedOffset: -1n,
        metadata: '',
        errorCode,
      })),
    })),
  }
}

function fetchOffsets(context: RequestContext<'OffsetFetch'>, wanted: WantedOffsets): FetchedGroup {
  const { cluster, broker, peer } = context
  const { requireStable } = context.body
  const { groupId, memberId, memberEpoch } = wanted
  const { coordinators } = cluster
  const refusal =
    coordinators.of(groupId).refusal(groupId, broker.id) ??
    coordinators.of(groupId).group(groupId)?.checkFetch(memberId, memberEpoch) ??
    'NONE'
  if (refusal !== 'NONE') return failed(context, wanted, code(refusal))
  const offsets = coordinators.of(groupId).offsets(groupId)
  const topics = (wanted.topics ?? everything(offsets?.all() ?? [])).map(({ name, partitionIndexes }) => ({
    name,
    partitions: partitionIndexes.map((partitionIndex) => {
      if (requireStable && cluster.transactionalOffsets.isPending(groupId, name, partitionIndex))
        return unstable(partitionIndex)
      const committed = offsets?.get(name, partitionIndex)
      const offset = committed?.offset ?? -1n
      cluster.observe({
        kind: 'offset-fetched',
        group: groupId,
        topic: name,
        partition: partitionIndex,
        offset,
        process: peer.process,
        incarnation: peer.incarnation,
      })
      return {
        partitionIndex,
        committedOffset: offset,
        committedLeaderEpoch: committed?.leaderEpoch ?? -1,
        metadata: committed?.metadata ?? '',
        errorCode: 0,
      }
    }),
  }))
  return { errorCode: 0, topics }
}

function unstable(partitionIndex: number): FetchedOffset {
  const errorCode = code('UNSTABLE_OFFSET_COMMIT')
  return { partitionIndex, committedOffset: -1n, committedLeaderEpoch: -1, metadata: '', errorCode }
}

function everything(
  all: readonly { topic: string; partition: number }[],
): { name: string; partitionIndexes: number[] }[] {
  const byTopic = Map.groupBy(all, ({ topic }) => topic)
  return [...byTopic].map(([name, each]) => ({
    name,
    partitionIndexes: each.map(({ partition }) => partition),
  }))
}
