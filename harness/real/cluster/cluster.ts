import { setTimeout as sleep } from 'node:timers/promises'
import { partitionName } from '../../core/names.ts'
import {
  type AnswerBody,
  type ApiName,
  encodeBatch,
  errorName,
  MOVING,
  type RecordToEncode,
  type RequestDraft,
} from '../../kafka/index.ts'
import type { Address } from '../gate/exchange.ts'
import { ANSWER_MS, BrokerConnection, BrokerGone } from './connection.ts'
import { demand, RealClusterError } from './errors.ts'

const NO_ID = '0'.repeat(32)
const RETRY_MS = 20
/** How long a cluster may take for what it does in moments: topics, leaders, coordinators. */
const PATIENCE_MS = 60_000
/** Errors that a cluster answers while something moves. */
const PASSING: ReadonlySet<string> = new Set([
  ...MOVING,
  'REQUEST_TIMED_OUT',
  'NOT_CONTROLLER',
  'NOT_ENOUGH_REPLICAS',
])

export interface TopicDescription {
  readonly name: string
  readonly id: string
  readonly partitions: readonly PartitionDescription[]
}

export interface PartitionDescription {
  readonly partition: number
  readonly leader: number
  readonly replicas: readonly number[]
  readonly inSync: readonly number[]
}

/**
 * A real cluster as the harness itself reaches it: by the project's own codec, with no client
 * library in between.
 */
export class RealCluster {
  readonly #addresses: ReadonlyMap<number, Address>
  readonly #connections: Map<number, BrokerConnection> = new Map()
  readonly #coordinators: Map<string, number> = new Map()
  #patienceMsMax = Number.POSITIVE_INFINITY

  /** @param addresses where the harness reaches each broker, by node id */
  constructor(addresses: ReadonlyMap<number, Address>) {
    this.#addresses = addresses
  }

  get brokers(): readonly number[] {
    return [...this.#addresses.keys()]
  }

  addressOf(broker: number): Address {
    const address = this.#addresses.get(broker)
    if (address === undefined) throw new RealClusterError(`there is no broker ${broker}`)
    return address
  }

  /** Asks this broker, or the first that answers. */
  async call<Api extends ApiName>(
    api: Api,
    version: number,
    body: RequestDraft<Api>,
    broker?: number,
  ): Promise<AnswerBody<Api>> {
    const timeoutMs = Math.min(ANSWER_MS, this.#patienceMsMax)
    if (broker !== undefined) return this.#connection(broker).call(api, version, body, timeoutMs)
    let last: unknown
    for (const each of this.brokers) {
      try {
        return await this.#connection(each).call(api, version, body, timeoutMs)
      } catch (error) {
        if (!(error instanceof BrokerGone)) throw error
        last = error
      }
    }
    throw last
  }

  /** Something has failed: nothing is waited for longer than this. */
  hasten(patienceMsMax: number): void {
    this.#patienceMsMax = patienceMsMax
  }

  /**
   * Every broker that runs answers: what an app does not get done on a cluster that stands still is
   * not the app's doing. One that is down refuses the connection.
   * @throws BrokerGone
   */
  async demandAnswers(): Promise<void> {
    const asked = { topics: [], allowAutoTopicCreation: false }
    const answers = this.brokers.map((broker) => this.call('Metadata', 12, asked, broker))
    for (const each of await Promise.allSettled(answers)) {
      if (each.status === 'fulfilled') continue
      const error: unknown = each.reason
      if (!(error instanceof BrokerGone) || error.silent) throw error
    }
  }

  /** Repeats `attempt` while it gives null. @throws RealClusterError where it takes too long */
  async until<T>(what: string, attempt: () => Promise<T | null>, patienceMs = PATIENCE_MS): Promise<T> {
    const startMs = performance.now()
    for (;;) {
      const found = await attempt().catch((error: unknown) => {
        if (error instanceof BrokerGone) return null
        throw error
      })
      if (found !== null) return found
      const limitMs = Math.min(patienceMs, this.#patienceMsMax)
      if (performance.now() - startMs > limitMs)
        throw new RealClusterError(`the cluster took more than ${limitMs / 1000} s to ${what}`)
      await sleep(RETRY_MS)
    }
  }

  // --- topics

  /** The topics of these names that are there. */
  async topics(names: readonly string[]): Promise<TopicDescription[]> {
    const asked = names.map((name) => ({ name, topicId: NO_ID }))
    const body = await this.call('Metadata', 12, { topics: asked, allowAutoTopicCreation: false })
    return body.topics.flatMap((topic) =>
      topic.errorCode === 0
        ? [
            {
              name: topic.name ?? '',
              id: topic.topicId,
              partitions: topic.partitions
                .map((each) => ({
                  partition: each.partitionIndex,
                  leader: each.errorCode === 0 ? each.leaderId : -1,
                  replicas: each.replicaNodes,
                  inSync: each.isrNodes,
                }))
                .sort((a, b) => a.partition - b.partition),
            },
          ]
        : [],
    )
  }

  /** The topic, once all its partitions have leaders. */
  topicWithLeaders(name: string, partitions: number): Promise<TopicDescription> {
    return this.until(`give ${name} its leaders`, async () => {
      const [topic] = await this.topics([name])
      const led = topic?.partitions.filter(({ leader }) => leader >= 0).length
      return topic !== undefined && led === partitions ? topic : null
    })
  }

  async leaderOf(topic: string, partition: number): Promise<number | null> {
    const [found] = await this.topics([topic])
    const leader = found?.partitions.find((each) => each.partition === partition)?.leader ?? -1
    return leader < 0 ? null : leader
  }

  /** Appends as one batch; the offset of the first record. */
  async append(topic: string, partition: number, records: readonly RecordToEncode[]): Promise<bigint> {
    const what = `append to ${partitionName({ topic, partition })}`
    const batch = encodeBatch({ records })
    return this.until(what, async () => {
      const leader = await this.leaderOf(topic, partition)
      if (leader === null) return null
      const topicData = [{ name: topic, partitionData: [{ index: partition, records: batch }] }]
      const body = await this.call('Produce', 9, { acks: -1, timeoutMs: 30_000, topicData }, leader)
      const answer = body.responses[0]?.partitionResponses[0]
      if (answer === undefined)
        throw new RealClusterError(`the cluster refused to ${what}: its answer names no partition`)
      if (PASSING.has(errorName(answer.errorCode))) return null
      demand(what, answer.errorCode)
      return answer.baseOffset
    })
  }

  /**
   * Bytes of the partition's log from this offset on, control batches included, as far as they are
   * committed.
   */
  async read(topic: string, partition: number, fetchOffset: bigint): Promise<Buffer> {
    const leader = await this.leaderOf(topic, partition)
    if (leader === null) return Buffer.alloc(0)
    const partitions = [
      { partition, currentLeaderEpoch: -1, fetchOffset, logStartOffset: -1n, partitionMaxBytes: 2 ** 26 },
    ]
    const asked = {
      maxWaitMs: 0,
      minBytes: 0,
      maxBytes: 2 ** 26,
      isolationLevel: 0,
      sessionId: 0,
      sessionEpoch: -1,
    }
    const body = await this.call('Fetch', 12, { ...asked, topics: [{ topic, partitions }] }, leader)
    return body.responses[0]?.partitions[0]?.records ?? Buffer.alloc(0)
  }

  // --- groups

  /**
   * The coordinator of a group, once it serves. The first question of all makes the topic of
   * offsets.
   */
  coordinatorOf(group: string): Promise<number> {
    return this.until(`name the coordinator of ${group}`, async () => {
      const body = await this.call('FindCoordinator', 4, { keyType: 0, coordinatorKeys: [group] })
      const [found] = body.coordinators
      if (found?.errorCode !== 0) return null
      const broker = found.nodeId
      this.#coordinators.set(group, broker)
      return broker
    })
  }

  /**
   * Asks the group's coordinator, again where it has moved; `errorIn` finds the error in the
   * answer.
   */
  async ofGroup<Api extends ApiName>(
    group: string,
    asked: { readonly api: Api; readonly version: number; readonly body: RequestDraft<Api> },
    errorIn: (answer: AnswerBody<Api>) => number | undefined,
  ): Promise<AnswerBody<Api>> {
    const { api, version, body } = asked
    return this.until(`answer ${api} for ${group}`, async () => {
      const broker = this.#coordinators.get(group) ?? (await this.coordinatorOf(group))
      const answer = await this.call(api, version, body, broker).catch((error: unknown) => {
        this.#coordinators.delete(group)
        throw error
      })
      if (!PASSING.has(errorName(errorIn(answer) ?? -1))) return answer
      this.#coordinators.delete(group)
      return null
    })
  }

  close(): void {
    for (const connection of this.#connections.values()) connection.close()
    this.#connections.clear()
  }

  #connection(broker: number): BrokerConnection {
    const known = this.#connections.get(broker)
    if (known !== undefined) return known
    const made = new BrokerConnection(this.addressOf(broker))
    this.#connections.set(broker, made)
    return made
  }
}
