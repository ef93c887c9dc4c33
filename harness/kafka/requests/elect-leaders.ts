import type { Partition } from '../topics/topic.interface.ts'
import {
  type AnswerDraft,
  type ApiError,
  apiError,
  type ElementOf,
  errorFields,
  NO_ERROR,
  type RequestBody,
} from '../wire/index.ts'
import { type ClientContext, code, type RequestContext, servedAtOnce } from './handler.ts'

const PREFERRED = 0
const UNCLEAN = 1

type WantedElections = NonNullable<RequestBody<'ElectLeaders'>['topicPartitions']>
type Election = ElementOf<ElementOf<AnswerDraft<'ElectLeaders'>['replicaElectionResults']>['partitionResult']>

/**
 * ElectLeaders (43), versions 0 to 2 (KIP-183, KIP-460): the first replica, where it is in sync, or
 * for a partition without a leader any one that is up. Of all partitions only those are told of
 * whose leader changes.
 */
export const electLeaders = servedAtOnce('ElectLeaders')({
  min: 0,
  max: 2,
  apply: (context) => {
    const all = context.body.topicPartitions === null
    return {
      errorCode: isKnown(context.body.electionType) ? 0 : code('INVALID_REQUEST'),
      replicaElectionResults: wanted(context).flatMap(({ topic, partitions }) => {
        const results = partitions
          .map((partitionId) => ({ partitionId, refusal: elect(context, topic, partitionId) }))
          .filter(({ refusal }) => !all || refusal.error !== 'ELECTION_NOT_NEEDED')
        return results.length === 0 ? [] : [{ topic, partitionResult: results.map(told) }]
      }),
    }
  },
  refuse: (context, errorCode) => ({
    errorCode,
    replicaElectionResults: wanted(context).map(({ topic, partitions }) => ({
      topic,
      partitionResult: partitions.map((partitionId) => ({ partitionId, errorCode, errorMessage: null })),
    })),
  }),
})

function isKnown(electionType: number): boolean {
  return electionType === PREFERRED || electionType === UNCLEAN
}

function told({ partitionId, refusal }: { partitionId: number; refusal: ApiError }): Election {
  return { partitionId, ...errorFields(refusal) }
}

function wanted({ cluster, body }: RequestContext<'ElectLeaders'>): WantedElections {
  const all = (): WantedElections =>
    cluster.topics
      .list()
      .map(({ name, partitions }) => ({ topic: name, partitions: partitions.map((_, index) => index) }))
  return body.topicPartitions ?? all()
}

function elect({ cluster, body }: RequestContext<'ElectLeaders'>, topic: string, index: number): ApiError {
  const found = cluster.controller.topic(topic)
  const unknown = 'UNKNOWN_TOPIC_OR_PARTITION'
  if (found === undefined) return apiError(unknown, `No such topic as ${topic}`)
  const partition = found.partitions[index]
  if (partition === undefined) return apiError(unknown, `No such partition as ${topic}-${index}`)
  const { electionType } = body
  if (!isKnown(electionType)) return apiError('INVALID_REQUEST', `Unknown election type ${electionType}`)
  return electionType === PREFERRED
    ? electPreferred(cluster, partition, { topic, index })
    : electAny(partition)
}

function electPreferred(
  cluster: ClientContext['cluster'],
  { leader, replicas }: Partition,
  { topic, index }: { topic: string; index: number },
): ApiError {
  const [preferred] = replicas?.assigned ?? []
  if (preferred === undefined || preferred === leader) return apiError('ELECTION_NOT_NEEDED')
  if (!cluster.isUp(preferred) || replicas?.inSync.includes(preferred) !== true)
    return apiError('PREFERRED_LEADER_NOT_AVAILABLE')
  cluster.controller.moveLeader(topic, index, preferred)
  return NO_ERROR
}

function electAny(partition: Partition): ApiError {
  if (partition.leader !== null) return apiError('ELECTION_NOT_NEEDED')
  partition.replicas?.electUnclean()
  // Without replicas there is nobody else.
  return leaderOf(partition) === null ? apiError('ELIGIBLE_LEADERS_NOT_AVAILABLE') : NO_ERROR
}

function leaderOf({ leader }: Partition): number | null {
  return leader
}
