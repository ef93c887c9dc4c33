import { nameInCluster, parseTopicInCluster } from '../core/names.ts'
import type { ClusterAdmin } from '../kafka/index.ts'
import { topicNamed } from './cluster-names.ts'

/** One of several clusters. */
export interface AdminOfCluster {
  readonly cluster: string
  readonly admin: ClusterAdmin
  /** Its brokers are numbered from here on among those of all clusters. */
  readonly firstBroker: number
}

/**
 * Several clusters as one: topics, groups and transactional ids have their cluster in their names,
 * and brokers are numbered through.
 */
export function adminOfAll(clusters: readonly [AdminOfCluster, ...AdminOfCluster[]]): ClusterAdmin {
  const [first] = clusters
  /** A name of no cluster is one that none of them knows. */
  const at = (full: string): AdminOfCluster & { readonly name: string } => {
    const { cluster, name } = parseTopicInCluster(full)
    const found = clusters.find((each) => each.cluster === cluster)
    return found === undefined ? { ...first, name: `:${full}` } : { ...found, name }
  }
  const near = (broker: number): { readonly admin: ClusterAdmin; readonly id: number } => {
    const { admin, firstBroker } = clusters.findLast((each) => each.firstBroker <= broker) ?? first
    return { admin, id: broker - firstBroker }
  }
  const inIt = (full: string, broker: number | undefined): number | undefined =>
    broker === undefined ? undefined : broker - at(full).firstBroker
  const outside = (full: string, broker: number | null): number | null =>
    broker === null ? null : broker + at(full).firstBroker
  return {
    ...topicsOfAll({ clusters, at, inIt, outside }),
    ...groupsOfAll({ clusters, at, inIt, outside }),
    stopBroker: (broker) => near(broker).admin.stopBroker(near(broker).id),
    startBroker: (broker) => near(broker).admin.startBroker(near(broker).id),
    crashBroker: (broker) => near(broker).admin.crashBroker(near(broker).id),
    isolateBroker: (broker, isolated) => near(broker).admin.isolateBroker(near(broker).id, isolated),
    cutFromController: (broker, isCut) => near(broker).admin.cutFromController(near(broker).id, isCut),
    holdMetadata: (broker, held) => near(broker).admin.holdMetadata(near(broker).id, held),
    isUp: (broker) => near(broker).admin.isUp(near(broker).id),
    throttle: ({ broker, process }, everyMs) =>
      near(broker).admin.throttle({ broker: near(broker).id, process }, everyMs),
    hasAuthorizer: clusters.some(({ admin }) => admin.hasAuthorizer),
    addAcls(text) {
      for (const { admin } of clusters) if (admin.hasAuthorizer) admin.addAcls(text)
    },
    removeAcls: (text) =>
      clusters.reduce((sum, { admin }) => sum + (admin.hasAuthorizer ? admin.removeAcls(text) : 0), 0),
    replicationFactor: Math.max(...clusters.map(({ admin }) => admin.replicationFactor)),
    resetLossyConnections: () => clusters.filter(({ admin }) => admin.resetLossyConnections()).length > 0,
  }
}

interface NameFinder {
  readonly clusters: readonly AdminOfCluster[]
  at(full: string): AdminOfCluster & { readonly name: string }
  /** The number of a broker in the cluster that has this topic or group, and back. */
  inIt(full: string, broker: number | undefined): number | undefined
  outside(full: string, broker: number | null): number | null
}

type OfTopics =
  | 'createTopic'
  | 'append'
  | 'addPartitions'
  | 'recreateTopic'
  | 'configureTopic'
  | 'moveLeader'
  | 'isolateReplica'
  | 'electUnclean'
  | 'reassign'
  | 'inSync'
  | 'replicaEnd'
  | 'deleteRecords'
  | 'topics'
  | 'leader'
  | 'logStart'
  | 'logEnd'
  | 'highWatermark'
  | 'offsetSince'
  | 'lastStableOffset'

function topicsOfAll({ clusters, at, inIt, outside }: NameFinder): Pick<ClusterAdmin, OfTopics> {
  return {
    createTopic: (topic, options) => at(topic).admin.createTopic(at(topic).name, options),
    append: (record) => at(record.topic).admin.append({ ...record, topic: at(record.topic).name }),
    addPartitions: (topic, count) => at(topic).admin.addPartitions(at(topic).name, count),
    recreateTopic: (topic) => at(topic).admin.recreateTopic(at(topic).name),
    configureTopic: (topic, name, value) => at(topic).admin.configureTopic(at(topic).name, name, value),
    moveLeader: (topic, partition, to) =>
      at(topic).admin.moveLeader(at(topic).name, partition, inIt(topic, to)),
    isolateReplica: ({ topic, partition, broker }, isolated) =>
      at(topic).admin.isolateReplica(
        { topic: at(topic).name, partition, broker: inIt(topic, broker) ?? broker },
        isolated,
      ),
    electUnclean: (topic, partition, to) =>
      at(topic).admin.electUnclean(at(topic).name, partition, inIt(topic, to)),
    reassign: (topic, partition, replicas) =>
      at(topic).admin.reassign(
        at(topic).name,
        partition,
        replicas?.map((broker) => inIt(topic, broker) ?? broker) ?? null,
      ),
    inSync: (topic, partition) =>
      at(topic)
        .admin.inSync(at(topic).name, partition)
        .map((broker) => outside(topic, broker) ?? broker),
    replicaEnd: ({ topic, partition, broker }) =>
      at(topic).admin.replicaEnd({ topic: at(topic).name, partition, broker: inIt(topic, broker) ?? broker }),
    deleteRecords: (topic, partition, beforeOffset) =>
      at(topic).admin.deleteRecords(at(topic).name, partition, beforeOffset),
    topics: () =>
      clusters.flatMap(({ cluster, admin }) =>
        admin.topics().map((each) => ({ ...each, name: nameInCluster({ cluster, name: each.name }) })),
      ),
    leader: (topic, partition) => outside(topic, at(topic).admin.leader(at(topic).name, partition)),
    logStart: (topic, partition) => at(topic).admin.logStart(at(topic).name, partition),
    logEnd: (topic, partition) => at(topic).admin.logEnd(at(topic).name, partition),
    highWatermark: (topic, partition) => at(topic).admin.highWatermark(at(topic).name, partition),
    offsetSince: (topic, partition, ageMs) => at(topic).admin.offsetSince(at(topic).name, partition, ageMs),
    lastStableOffset: (topic, partition) => at(topic).admin.lastStableOffset(at(topic).name, partition),
  }
}

type OfGroups = Exclude<
  keyof ClusterAdmin,
  | OfTopics
  | 'stopBroker'
  | 'startBroker'
  | 'crashBroker'
  | 'isolateBroker'
  | 'cutFromController'
  | 'holdMetadata'
  | 'isUp'
  | 'throttle'
  | 'hasAuthorizer'
  | 'addAcls'
  | 'removeAcls'
  | 'replicationFactor'
  | 'resetLossyConnections'
>

function groupsOfAll({ clusters, at, inIt, outside }: NameFinder): Pick<ClusterAdmin, OfGroups> {
  return {
    moveCoordinator: (group, to) => at(group).admin.moveCoordinator(at(group).name, inIt(group, to)),
    moveTransactionCoordinator: (id, to) =>
      at(id).admin.moveTransactionCoordinator(at(id).name, inIt(id, to)),
    coordinator: (group) => outside(group, at(group).admin.coordinator(at(group).name)),
    transactionCoordinator: (id) => outside(id, at(id).admin.transactionCoordinator(at(id).name)),
    transaction(id) {
      const { admin, cluster, name } = at(id)
      const found = admin.transaction(name)
      return found === null
        ? null
        : { ...found, partitions: found.partitions.map((each) => topicNamed(cluster, each)) }
    },
    openTransactions: () => clusters.reduce((sum, { admin }) => sum + admin.openTransactions(), 0),
    committed: (group, topic, partition) =>
      at(group).admin.committed(at(group).name, at(topic).name, partition),
    setOffsets: (group, offsets, by) =>
      at(group).admin.setOffsets(
        at(group).name,
        offsets.map((each) => ({ ...each, topic: at(each.topic).name })),
        by,
      ),
    deleteGroup: (group) => at(group).admin.deleteGroup(at(group).name),
    groups: () =>
      clusters.flatMap(({ cluster, admin }) =>
        admin.groups().map((name) => nameInCluster({ cluster, name })),
      ),
    groupState: (group) => at(group).admin.groupState(at(group).name),
    group(group) {
      const { admin, cluster, name } = at(group)
      const found = admin.group(name)
      if (found === null) return null
      const members = found.members.map((each) => ({
        ...each,
        partitions: each.partitions.map((its) => topicNamed(cluster, its)),
      }))
      return { ...found, members }
    },
  }
}
