import type { SeenTopics } from '../cluster-parts.interface.ts'
import type { SeenTopic, Topic } from '../log/topic.interface.ts'
import type { Topics } from '../log/topics.ts'
import type { DeposedLeader } from '../replication/deposed-leader.ts'
import { StalePartition } from './stale-partition.ts'

interface Known {
  /** As it is now. */
  readonly topic: Topic
  readonly seen: SeenTopic & { readonly partitions: readonly StalePartition[] }
}

/**
 * The topics that a broker had heard of when its view of the cluster began to stand still, with their partitions and
 * leaders of then (KAFKA.md L5). Of deletions brokers hear all the same; what it asks of the controller happens.
 */
export class StaleTopics implements SeenTopics {
  readonly #current: Topics
  readonly #known: Map<string, Known>
  readonly atController: Topics['atController']
  readonly create: Topics['create']
  readonly delete: Topics['delete']
  readonly addPartitions: Topics['addPartitions']
  readonly configure: Topics['configure']
  readonly freshId: Topics['freshId']
  readonly deleteRecords: Topics['deleteRecords']
  readonly moveLeader: Topics['moveLeader']
  readonly replicas: Topics['replicas']

  constructor(current: Topics, broker: number) {
    this.#current = current
    this.#known = new Map(current.list().map((topic) => [topic.name, { topic, seen: seenBy(broker, topic) }]))
    this.atController = (name) => current.atController(name)
    this.create = (name, partitions, options) => current.create(name, partitions, options)
    this.delete = (name, gone) => current.delete(name, gone)
    this.addPartitions = (name, count, byHand) => current.addPartitions(name, count, byHand)
    this.configure = (topic, given) => current.configure(topic, given)
    this.freshId = () => current.freshId()
    this.deleteRecords = (topic, partition, beforeOffset, reason) =>
      current.deleteRecords(topic, partition, beforeOffset, reason)
    this.moveLeader = (topic, partition, to) => current.moveLeader(topic, partition, to)
    this.replicas = (topic, partition) => current.replicas(topic, partition)
  }

  list(): readonly SeenTopic[] {
    return [...this.#known.keys()].flatMap((name) => this.#knownTopic(name)?.seen ?? [])
  }

  listAll(): readonly SeenTopic[] {
    return [...this.list(), ...this.#current.listAll().filter(({ isInternal }) => isInternal)]
  }

  get(name: string): SeenTopic | undefined {
    const known = this.#knownTopic(name)
    if (known !== undefined) return known.seen
    const current = this.#current.get(name)
    return current?.isInternal === true ? current : undefined
  }

  byId(id: string): SeenTopic | undefined {
    return this.listAll().find((topic) => topic.id === id)
  }

  partition(topic: string, partition: number): SeenTopic['partitions'][number] | undefined {
    return this.get(topic)?.partitions[partition]
  }

  /** What the broker leads although another one was elected; undefined where it does not. */
  deposedAt(topic: string, partition: number): DeposedLeader | undefined {
    return this.#knownTopic(topic)?.seen.partitions[partition]?.deposed
  }

  #knownTopic(name: string): Known | undefined {
    const known = this.#known.get(name)
    return known !== undefined && this.#current.get(name) === known.topic ? known : undefined
  }
}

function seenBy(broker: number, topic: Topic): Known['seen'] {
  const { name, isInternal, configs, onConfigs } = topic
  return {
    name,
    // Drawn when somebody asks.
    get id() {
      return topic.id
    },
    isInternal,
    configs,
    onConfigs,
    partitions: topic.partitions.map((partition) => new StalePartition(partition, broker)),
  }
}
