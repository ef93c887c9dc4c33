import type { Partition } from '../log/topic.interface.ts'
import type { AnswerDraft, ElementOf, RequestBody } from '../wire/index.ts'
import { type ClientContext, code, type RequestContext, servedAtOnce } from './handler.ts'

const PREFERRED = 0
const UNCLEAN = 1

type Wanted = NonNullable<RequestBody<'ElectLeaders'>['topicPartitions']>
type Election = ElementOf<ElementOf<AnswerDraft<'ElectLeaders'>['replicaElectionResults']>['partitionResult']>

/**
 * ElectLeaders (43), versions 0 to 2 (KIP-183, KIP-460): the first replica, where it is in sync, or for a partition without a
 * leader any one that is up. Of all partitions only those are told of whose leader changes.
 */
export const electLeaders = servedAtOnce('ElectLeaders', {
  min: 0,
  max: 2,
  apply: (context) => {
    const all = context.body.topicPartitions === null
    return {
      errorCode: 0,
      replicaElectionResults: wanted(context).flatMap(({ topic, partitions }) => {
        const results = partitions
          .map((partitionId) => ({ partitionId, error: elect(context, topic, partitionId) }))
          .filter(({ error }) => !all || error !== 'ELECTION_NOT_NEEDED')
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

function told({ partitionId, error }: { partitionId: number; error: string }): Election {
  return { partitionId, errorCode: code(error), errorMessage: null }
}

function wanted({ cluster, body }: RequestContext<'ElectLeaders'>): Wanted {
  const all = (): Wanted =>
    cluster.topics
      .list()
      .map(({ name, partitions }) => ({ topic: name, partitions: partitions.map((_, index) => index) }))
  return body.topicPartitions ?? all()
}

function elect({ cluster, body }: RequestContext<'ElectLeaders'>, topic: string, index: number): string {
  const partition = cluster.topics.atController(topic)?.partitions[index]
  if (partition === undefined) return 'UNKNOWN_TOPIC_OR_PARTITION'
  const { electionType } = body
  if (electionType !== PREFERRED && electionType !== UNCLEAN) return 'INVALID_REQUEST'
  return electionType === PREFERRED
    ? electPreferred(cluster, partition, { topic, index })
    : electAny(partition)
}

function electPreferred(
  cluster: ClientContext['cluster'],
  { leader, replicas }: Partition,
  { topic, index }: { topic: string; index: number },
): string {
  const [preferred] = replicas?.assigned ?? []
  if (preferred === undefined || preferred === leader) return 'ELECTION_NOT_NEEDED'
  if (!cluster.isUp(preferred) || replicas?.inSync.includes(preferred) !== true)
    return 'PREFERRED_LEADER_NOT_AVAILABLE'
  cluster.topics.moveLeader(topic, index, preferred)
  return 'NONE'
}

function electAny(partition: Partition): string {
  if (partition.leader !== null) return 'ELECTION_NOT_NEEDED'
  partition.replicas?.electUnclean()
  // Without replicas there is nobody else.
  return leaderOf(partition) === null ? 'ELIGIBLE_LEADERS_NOT_AVAILABLE' : 'NONE'
}

function leaderOf({ leader }: Partition): number | null {
  return leader
}
