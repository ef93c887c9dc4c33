import { CLUSTER_NAME } from '../access/acl.ts'
import type { SeenCluster } from '../cluster-parts.interface.ts'
import type { SeenTopic } from '../topics/topic.interface.ts'
import { NO_TOPIC_ID } from '../topics/topic-ids.ts'
import type { AnswerDraft, ElementOf } from '../wire/index.ts'
import { operationsOn } from './authorization/operations.ts'
import { code, type RequestContext, servedAtOnce } from './handler.ts'
import { rackOf } from './racks.ts'
import { isLegalTopicName } from './topic-names.ts'

const IDS_ASKED_FROM = 12

type MetadataTopic = ElementOf<AnswerDraft<'Metadata'>['topics']>
type MetadataPartition = ElementOf<MetadataTopic['partitions']>

/**
 * Metadata (3), versions 0 to 13. Live brokers, topics and leaders. Version 0 asks for all topics
 * with an empty list, later ones with null; from 10 on answers have topic ids, from 12 on requests
 * may ask by id (KIP-516). Unknown topics are created where the request and
 * `auto.create.topics.enable` allow it, and are still UNKNOWN_TOPIC_OR_PARTITION in that answer, as
 * under KRaft; under ZooKeeper they were LEADER_NOT_AVAILABLE.
 */
export const metadata = servedAtOnce('Metadata')({
  min: 0,
  max: 13,
  apply: (context) => describe(context, topicsOf(context)),
  refuse: refuse,
})

function refuse(context: RequestContext<'Metadata'>, errorCode: number): AnswerDraft<'Metadata'> {
  return describe(context, refused(context, errorCode))
}

function refused(context: RequestContext<'Metadata'>, errorCode: number): MetadataTopic[] {
  const named = asksForAll(context)
    ? context.cluster.topics.listAll().map(({ name, id }) => ({ name, topicId: id }))
    : (context.body.topics ?? [])
  return named.map(({ name, topicId }) => ({
    errorCode,
    name: name ?? (context.version < IDS_ASKED_FROM ? '' : null),
    topicId,
    partitions: [],
  }))
}

function asksForAll({ body, version }: RequestContext<'Metadata'>): boolean {
  return body.topics === null || (version === 0 && body.topics.length === 0)
}

function topicsOf(context: RequestContext<'Metadata'>): readonly MetadataTopic[] {
  const { cluster, body, version } = context
  if (body.topics === null || asksForAll(context))
    return cluster.topics.listAll().map((topic) => known(cluster, topic))
  const misses = body.topics.some(({ name, topicId }) => name === null || topicId !== NO_TOPIC_ID)
  if (misses && version < IDS_ASKED_FROM) return refused(context, code('INVALID_REQUEST'))
  // Where a request has an id, its names are not looked at.
  if (misses) return byId(context)
  const names = new Set(body.topics.map(({ name }) => name ?? ''))
  return [...names].map((name) => byName(context, name))
}

function byId({ cluster, body }: RequestContext<'Metadata'>): MetadataTopic[] {
  const ids = new Set((body.topics ?? []).map(({ topicId }) => topicId))
  ids.delete(NO_TOPIC_ID)
  return [...ids].map((topicId) => {
    const topic = cluster.topics.byId(topicId)
    if (topic !== undefined) return known(cluster, topic)
    return { errorCode: code('UNKNOWN_TOPIC_ID'), name: null, topicId, partitions: [] }
  })
}

function describe(
  context: RequestContext<'Metadata'>,
  topics: readonly MetadataTopic[],
): AnswerDraft<'Metadata'> {
  const { cluster, body } = context
  const brokers = cluster.liveBrokers
  return {
    brokers: brokers.map(({ id, host, port }) => ({ nodeId: id, host, port, rack: rackOf(cluster, id) })),
    clusterId: cluster.id,
    controllerId: brokers[0]?.id ?? -1,
    topics: body.includeTopicAuthorizedOperations ? withOperations(context, topics) : topics,
    ...(body.includeClusterAuthorizedOperations
      ? { clusterAuthorizedOperations: operationsOn(context, 'Cluster', CLUSTER_NAME) }
      : {}),
  }
}

/** Adds the client's permitted operations (KIP-430). */
function withOperations(
  context: RequestContext<'Metadata'>,
  topics: readonly MetadataTopic[],
): MetadataTopic[] {
  return topics.map((topic) =>
    topic.errorCode === 0
      ? { ...topic, topicAuthorizedOperations: operationsOn(context, 'Topic', topic.name ?? '') }
      : topic,
  )
}

function byName({ cluster, body, version }: RequestContext<'Metadata'>, name: string): MetadataTopic {
  const topic = cluster.topics.get(name)
  if (topic !== undefined) return known(cluster, topic)
  if (!isLegalTopicName(name)) return { errorCode: code('INVALID_TOPIC_EXCEPTION'), name, partitions: [] }
  const mayCreate =
    cluster.settings['auto.create.topics.enable'] && (version < 4 || body.allowAutoTopicCreation)
  if (mayCreate && cluster.controller.topic(name) === undefined)
    cluster.controller.create(name, cluster.settings['num.partitions'])
  return { errorCode: code('UNKNOWN_TOPIC_OR_PARTITION'), name, partitions: [] }
}

function known(cluster: SeenCluster, topic: SeenTopic): MetadataTopic {
  const { name, id, isInternal } = topic
  return { errorCode: 0, name, topicId: id, isInternal, partitions: partitionsOf(cluster, topic) }
}

export function partitionsOf(
  cluster: SeenCluster,
  { partitions }: SeenTopic,
): (MetadataPartition & { readonly partitionIndex: number })[] {
  return partitions.map(({ leader, leaderEpoch, replicas }, partitionIndex) => ({
    errorCode: leader === null ? code('LEADER_NOT_AVAILABLE') : 0,
    partitionIndex,
    leaderId: leader ?? -1,
    leaderEpoch,
    replicaNodes: replicas?.assigned ?? (leader === null ? [] : [leader]),
    isrNodes: replicas?.inSync ?? (leader === null ? [] : [leader]),
    offlineReplicas: replicas?.offline ?? (cluster.brokers.length > 0 && leader === null ? [0] : []),
  }))
}
