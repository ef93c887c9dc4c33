import type { ClusterParts } from '../cluster-parts.interface.ts'
import type { Topic } from '../log/topics.ts'
import type { Body } from '../wire/index.ts'
import { answerNow, code, type RequestContext, type Served } from './handler.ts'

interface Request {
  readonly topics: readonly { readonly name: string }[] | null
  readonly allowAutoTopicCreation: boolean
}

/**
 * Metadata (3), versions 0 to 9. Live brokers, topics and leaders. Version 0 asks for all topics with an empty list,
 * later ones with null. Unknown topics are created where the request and `auto.create.topics.enable` allow it, and are
 * still UNKNOWN_TOPIC_OR_PARTITION in that answer, as under KRaft; under ZooKeeper they were LEADER_NOT_AVAILABLE.
 */
export const metadata: Served = {
  key: 3,
  min: 0,
  max: 9,
  handler: answerNow<Request>(
    (context) =>
      describe(
        context,
        wanted(context).map((name) => topicOf(context, name)),
      ),
    (context, errorCode) =>
      describe(
        context,
        wanted(context).map((name) => ({ errorCode, name, partitions: [] })),
      ),
  ),
}

function wanted({ body, version, cluster }: RequestContext<Request>): readonly string[] {
  const all = body.topics === null || (version === 0 && body.topics.length === 0)
  return all ? cluster.topics.list().map(({ name }) => name) : (body.topics ?? []).map(({ name }) => name)
}

function describe({ cluster }: RequestContext<Request>, topics: readonly Body[]): Body {
  const brokers = cluster.liveBrokers
  return {
    brokers: brokers.map(({ id, host, port }) => ({ nodeId: id, host, port, rack: null })),
    clusterId: 'onceover',
    controllerId: brokers[0]?.id ?? -1,
    topics,
  }
}

function topicOf({ cluster, body, version }: RequestContext<Request>, name: string): Body {
  const topic = cluster.topics.get(name)
  if (topic !== undefined)
    return { errorCode: 0, name, isInternal: false, partitions: partitionsOf(cluster, topic) }
  const mayCreate =
    cluster.settings['auto.create.topics.enable'] && (version < 4 || body.allowAutoTopicCreation)
  if (!mayCreate) return { errorCode: code('UNKNOWN_TOPIC_OR_PARTITION'), name, partitions: [] }
  if (!isLegalTopicName(name)) return { errorCode: code('INVALID_TOPIC_EXCEPTION'), name, partitions: [] }
  cluster.topics.create(name, cluster.settings['num.partitions'])
  return { errorCode: code('UNKNOWN_TOPIC_OR_PARTITION'), name, partitions: [] }
}

function partitionsOf(cluster: ClusterParts, { partitions }: Topic): Body[] {
  return partitions.map(({ leader, log }, partitionIndex) => ({
    errorCode: leader === null ? code('LEADER_NOT_AVAILABLE') : 0,
    partitionIndex,
    leaderId: leader ?? -1,
    leaderEpoch: log.leaderEpoch,
    replicaNodes: leader === null ? [] : [leader],
    isrNodes: leader === null ? [] : [leader],
    offlineReplicas: cluster.brokers.length > 0 && leader === null ? [0] : [],
  }))
}

/** Kafka's rule (org.apache.kafka.common.internals.Topic). */
export function isLegalTopicName(name: string): boolean {
  return /^[a-zA-Z0-9._-]{1,249}$/.test(name) && name !== '.' && name !== '..'
}
