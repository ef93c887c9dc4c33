import type { Body } from '../wire/index.ts'
import { answerNow, code, type RequestContext, type Served } from './handler.ts'

interface Request {
  readonly groupId: string
  /** Null asks for all, from version 2 on. */
  readonly topics: readonly { readonly name: string; readonly partitionIndexes: readonly number[] }[] | null
}

/** OffsetFetch (9), versions 0 to 7. Nothing committed is offset −1 and no error (KAFKA.md O8). */
export const offsetFetch: Served = {
  key: 9,
  min: 0,
  max: 7,
  handler: answerNow<Request>(fetchOffsets, ({ body }, errorCode) => failed(body, errorCode)),
}

/** Before version 2 the error stands at each partition; later versions have it at the top, too. */
function failed({ topics }: Request, errorCode: number): Body {
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

function fetchOffsets({ cluster, broker, body, peer }: RequestContext<Request>): Body {
  const refusal = cluster.coordinators.refusal(body.groupId, broker.id)
  if (refusal !== null) return failed(body, code(refusal))
  const offsets = cluster.coordinators.offsets(body.groupId)
  const wanted = body.topics ?? everything(offsets?.all() ?? [])
  const topics = wanted.map(({ name, partitionIndexes }) => ({
    name,
    partitions: partitionIndexes.map((partitionIndex) => {
      const committed = offsets?.get(name, partitionIndex)
      const offset = committed?.offset ?? -1n
      cluster.observe({
        kind: 'offset-fetched',
        group: body.groupId,
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

function everything(
  all: readonly { topic: string; partition: number }[],
): { name: string; partitionIndexes: number[] }[] {
  const byTopic = Map.groupBy(all, ({ topic }) => topic)
  return [...byTopic].map(([name, each]) => ({
    name,
    partitionIndexes: each.map(({ partition }) => partition),
  }))
}
