import {
  type AnswerBody,
  type ApiName,
  type ElementOf,
  encodeBatch,
  errorName,
  hashPartition,
  type RequestDraft,
} from '../../../kafka/index.ts'
import { ask, NOT_NOW, type ProbeAnswer, patiently } from '../../../kafka/probe/index.ts'
import { deepError, recordsIn, topError } from '../../differential/answers.ts'
import { BROKERS, type Stage } from './stage.ts'

/** Until a cluster has noticed that a broker is gone or back, and has acted on it. */
const NOTICED_MS = 60_000
const POLL_MS = 50
const NOT_YET: ReadonlySet<string> = new Set([...NOT_NOW, 'OFFSET_NOT_AVAILABLE', 'CLOSED', 'NO_ANSWER'])

/** One partition, as metadata shows it. */
export interface SeenPartitionMetadata {
  readonly error: string
  /** −1: none. */
  readonly leader: number
  readonly inSync: readonly number[]
  /** Brokers that the cluster knows to be there. */
  readonly alive: readonly number[]
}

/** Internal topics of coordinators, by the type of the key that FindCoordinator is asked for. */
const INTERNAL = ['__consumer_offsets', '__transaction_state'] as const

type KeyType = 0 | 1
type ListedPartition = ElementOf<ElementOf<AnswerBody<'ListOffsets'>['topics']>['partitions']>

interface PartitionRead {
  readonly topic: string
  readonly partition: number
  readonly from: bigint
  /** The leader's epoch as the client has it; −1: not said. */
  readonly epoch: number
  readonly committed: boolean
}

/** A client of a cluster of three: what it sees, in words that mean the same everywhere. */
export class ClusterClient {
  readonly topic: string
  readonly group: string
  readonly #stage: Stage
  readonly #dead: Set<number> = new Set()
  readonly #cut: Set<number> = new Set()
  readonly #startedMs: bigint

  constructor(stage: Stage, name: string) {
    this.#stage = stage
    this.topic = `t-${name}`
    this.group = `g-${name}`
    this.#startedMs = BigInt(stage.nowMs())
  }

  wait(ms: number): Promise<void> {
    return this.#stage.wait(ms)
  }

  /** The answer; where there is none, `failed` says how. */
  async ask<Api extends ApiName>(
    broker: number,
    api: Api,
    version: number,
    body: RequestDraft<Api>,
  ): Promise<ProbeAnswer<Api>> {
    const line = this.#stage.connect(broker)
    const answer = await ask({ line, waiter: this.#stage }, api, version, body)
    line.close()
    return answer
  }

  /** Asks again while the answer is that it is not the time yet. */
  patiently<T>(attempt: () => Promise<T>, errorOf: (answer: T) => string): Promise<T> {
    const isNotNow = (answer: T): boolean => NOT_YET.has(errorOf(answer))
    return patiently(this.#stage, attempt, { isNotNow, pauseMs: POLL_MS, tries: NOTICED_MS / POLL_MS + 1 })
  }

  // --- brokers

  async kill(broker: number): Promise<void> {
    this.#dead.add(broker)
    await this.#stage.kill(broker)
  }

  async start(broker: number): Promise<void> {
    this.#dead.delete(broker)
    await this.#stage.start(broker)
  }

  /** The broker and the controller hear nothing of each other. */
  async cut(broker: number): Promise<void> {
    this.#cut.add(broker)
    await this.#stage.cut(broker, true)
  }

  /** The broker and the controller hear each other again, and the broker has caught up. */
  async rejoin(broker: number): Promise<void> {
    await this.#stage.cut(broker, false)
    for (let waitedMs = 0; waitedMs < NOTICED_MS; waitedMs += POLL_MS) {
      // A fenced broker is not shown.
      const answer = await this.#metadata(this.#good, [])
      if (answer.brokers.some(({ nodeId }) => nodeId === broker)) break
      await this.#stage.wait(POLL_MS)
    }
    this.#cut.delete(broker)
  }

  /** This broker's metadata of these topics; nothing where it does not answer. */
  async #metadata(
    broker: number,
    names: readonly string[],
  ): Promise<Pick<AnswerBody<'Metadata'>, 'brokers' | 'topics'>> {
    const topics = names.map((name) => ({ name }))
    const answer = await this.ask(broker, 'Metadata', 7, { topics, allowAutoTopicCreation: false })
    return 'failed' in answer ? { brokers: [], topics: [] } : answer
  }

  /** All brokers are there again. */
  async heal(): Promise<void> {
    for (const broker of [...this.#dead]) await this.start(broker)
    for (const broker of [...this.#cut]) await this.rejoin(broker)
  }

  /** Whether the broker is up and knows what the controller knows. */
  #isGood(broker: number): boolean {
    return !this.#dead.has(broker) && !this.#cut.has(broker)
  }

  get #good(): number {
    return BROKERS.find((broker) => this.#isGood(broker)) ?? 0
  }

  // --- topics

  /** One partition, on all three or on some of them; broker 0 leads. */
  async create(
    configs: Readonly<Record<string, string>> = {},
    brokers: readonly number[] = BROKERS,
  ): Promise<void> {
    const body = {
      topics: [
        {
          name: this.topic,
          numPartitions: -1,
          replicationFactor: -1,
          assignments: [{ partitionIndex: 0, brokerIds: [...brokers] }],
          configs: Object.entries(configs).map(([name, value]) => ({ name, value })),
        },
      ],
      timeoutMs: 10_000,
    }
    await this.patiently(() => this.ask(0, 'CreateTopics', 2, body), deepError)
    await this.until(({ leader, inSync }) => leader === 0 && inSync.length === brokers.length)
    await this.#internalInSync()
  }

  /** Waits until all three brokers have all that coordinators wrote, if they wrote anything. */
  async #internalInSync(): Promise<void> {
    for (let waitedMs = 0; waitedMs < NOTICED_MS; waitedMs += POLL_MS) {
      const { topics } = await this.#metadata(0, INTERNAL)
      const isWhole = topics.every(({ partitions }) =>
        partitions.every(({ isrNodes }) => isrNodes.length === BROKERS.length),
      )
      if (isWhole) return
      await this.#stage.wait(POLL_MS)
    }
  }

  /** @param broker the broker that is asked */
  async seen(broker = this.#good): Promise<SeenPartitionMetadata> {
    const { brokers, topics } = await this.#metadata(broker, [this.topic])
    const alive = brokers.map(({ nodeId }) => nodeId)
    return { ...partitionIn(topics[0]?.partitions[0]), alive }
  }

  /** The partition in which the coordinator keeps its state, as this broker shows it. */
  async seenInternal(broker: number, keyType: KeyType = 0): Promise<SeenPartitionMetadata> {
    const { brokers, topics } = await this.#metadata(broker, [INTERNAL[keyType]])
    const partitions = topics[0]?.partitions ?? []
    const index = hashPartition(this.group, partitions.length)
    const partition = partitions.find(({ partitionIndex }) => partitionIndex === index)
    return { ...partitionIn(partition), alive: brokers.map(({ nodeId }) => nodeId) }
  }

  /** The first error of the answer to a fetch of that partition. */
  async fetchInternal(broker: number, keyType: KeyType = 0): Promise<string> {
    const { topics } = await this.#metadata(this.#good, [INTERNAL[keyType]])
    const partition = hashPartition(this.group, topics[0]?.partitions.length ?? 1)
    const at = { topic: INTERNAL[keyType], partition, from: 0n, epoch: -1, committed: false }
    return deepError(await this.#fetchBody(10, broker, at))
  }

  /**
   * The leader, the in-sync replicas, and the replicas that may be elected beside them (KIP-966).
   */
  async eligible(broker: number): Promise<string> {
    const body = { topics: [{ name: this.topic }], responsePartitionLimit: 10, cursor: null }
    const answer = await this.ask(broker, 'DescribeTopicPartitions', 0, body)
    const partition = 'failed' in answer ? undefined : answer.topics[0]?.partitions[0]
    const list = (ids: readonly number[] | null | undefined): string => [...(ids ?? [])].sort().join(' ')
    const eligible = `eligible ${list(partition?.eligibleLeaderReplicas)}, last known ${list(partition?.lastKnownElr)}`
    return `led by ${partition?.leaderId}, in sync ${list(partition?.isrNodes)}, ${eligible}`
  }

  /** The cluster has got so far; `never` after a minute. */
  async until(reached: (seen: SeenPartitionMetadata) => boolean): Promise<SeenPartitionMetadata> {
    for (let waitedMs = 0; ; waitedMs += POLL_MS) {
      const seen = await this.seen()
      if (reached(seen) || waitedMs >= NOTICED_MS) return seen
      await this.#stage.wait(POLL_MS)
    }
  }

  /** Replicas move to these brokers, or with null stay where they were. @returns the error */
  async move(replicas: readonly number[] | null): Promise<string> {
    const topics = [{ name: this.topic, partitions: [{ partitionIndex: 0, replicas }] }]
    const answer = await this.ask(this.#good, 'AlterPartitionReassignments', 0, { timeoutMs: 5_000, topics })
    return topError(answer) === 'NONE' ? deepError(answer) : topError(answer)
  }

  /** The move that goes on. */
  async moving(): Promise<string> {
    const answer = await this.ask(this.#good, 'ListPartitionReassignments', 0, {
      timeoutMs: 5_000,
      topics: [{ name: this.topic, partitionIndexes: [0] }],
    })
    const move = 'failed' in answer ? undefined : answer.topics[0]?.partitions[0]
    if (move === undefined) return 'nothing moves'
    const { replicas, addingReplicas: adding, removingReplicas: removing } = move
    return `replicas ${replicas.join(' ')}, adding ${adding.join(' ')}, removing ${removing.join(' ')}`
  }

  // --- records

  /** One record. @returns `at OFFSET`, or the error */
  async produce(
    broker: number,
    acks: -1 | 1,
    by: {
      readonly id: bigint
      readonly epoch: number
      readonly sequence: number
      readonly transactionalId?: string
    } = {
      id: -1n,
      epoch: -1,
      sequence: -1,
    },
  ): Promise<string> {
    const records = encodeBatch({
      producerId: by.id,
      producerEpoch: by.epoch,
      baseSequence: by.sequence,
      transactional: by.transactionalId !== undefined,
      records: [{ key: null, value: Buffer.from('value'), timestamp: this.#startedMs, headers: [] }],
    })
    const answer = await this.ask(broker, 'Produce', 7, {
      transactionalId: by.transactionalId ?? null,
      acks,
      timeoutMs: 3_000,
      topicData: [{ name: this.topic, partitionData: [{ index: 0, records }] }],
    })
    if ('failed' in answer) return answer.failed
    const error = deepError(answer)
    return error === 'NONE' ? `at ${answer.responses[0]?.partitionResponses[0]?.baseOffset}` : error
  }

  /** @param epoch the leader's epoch as the client has it; −1: not said */
  fetch(broker: number, from: bigint, epoch = -1, committed = false): Promise<string> {
    return this.#fetch(10, broker, { ...this.#here, from, epoch, committed })
  }

  /** In a version that followers answer, too (KIP-392). */
  fetchAnywhere(broker: number, from: bigint): Promise<string> {
    return this.#fetch(11, broker, { ...this.#here, from, epoch: -1, committed: false })
  }

  get #here(): { topic: string; partition: number } {
    return { topic: this.topic, partition: 0 }
  }

  async #fetch(version: number, broker: number, read: PartitionRead): Promise<string> {
    return recordsIn(await this.#fetchBody(version, broker, read), { ids: new Map() })
  }

  #fetchBody(
    version: number,
    broker: number,
    { topic, partition, from, epoch, committed }: PartitionRead,
  ): Promise<ProbeAnswer<'Fetch'>> {
    return this.ask(broker, 'Fetch', version, {
      replicaId: -1,
      maxWaitMs: 100,
      minBytes: 1,
      maxBytes: 1_000_000,
      isolationLevel: committed ? 1 : 0,
      sessionId: 0,
      sessionEpoch: -1,
      topics: [
        {
          topic,
          partitions: [
            {
              partition,
              currentLeaderEpoch: epoch,
              fetchOffset: from,
              logStartOffset: -1n,
              partitionMaxBytes: 1_000_000,
            },
          ],
        },
      ],
      forgottenTopicsData: [],
      rackId: '',
    })
  }

  async end(broker: number): Promise<string> {
    const found = await this.#find(broker, -1n)
    return typeof found === 'string' ? found : `ends at ${found?.offset}`
  }

  /** Offset and leader epoch for a timestamp, or for the negative ones that stand for a place. */
  async listed(broker: number, timestamp: bigint): Promise<string> {
    const found = await this.#find(broker, timestamp)
    return typeof found === 'string' ? found : `offset ${found?.offset} of epoch ${found?.leaderEpoch}`
  }

  async #find(broker: number, timestamp: bigint): Promise<string | ListedPartition | undefined> {
    const partitions = [{ partitionIndex: 0, currentLeaderEpoch: -1, timestamp }]
    const body = { replicaId: -1, isolationLevel: 0, topics: [{ name: this.topic, partitions }] }
    const answer = await this.patiently(() => this.ask(broker, 'ListOffsets', 7, body), deepError)
    if ('failed' in answer) return answer.failed
    const error = deepError(answer)
    return error === 'NONE' ? answer.topics[0]?.partitions[0] : error
  }

  // --- coordinators

  /** Of the group (0) or of a transactional id (1). */
  async coordinator(keyType: KeyType = 0): Promise<number> {
    const answer = await this.patiently(
      () => this.ask(this.#good, 'FindCoordinator', 1, { key: this.group, keyType }),
      (body) => ('nodeId' in body && !this.#isGood(body.nodeId) ? 'NOT_COORDINATOR' : topError(body)),
    )
    return 'failed' in answer ? -1 : answer.nodeId
  }

  /** The coordinator's broker id as this broker names it, or the error. */
  async namedCoordinator(broker: number, keyType: KeyType = 0): Promise<number | string> {
    const answer = await this.ask(broker, 'FindCoordinator', 1, { key: this.group, keyType })
    const error = topError(answer)
    return error === 'NONE' && !('failed' in answer) ? answer.nodeId : error
  }

  commitBody(offset: bigint, generation = -1, memberId = ''): RequestDraft<'OffsetCommit'> {
    return {
      groupId: this.group,
      generationIdOrMemberEpoch: generation,
      memberId,
      groupInstanceId: null,
      topics: [
        {
          name: this.topic,
          partitions: [
            { partitionIndex: 0, committedOffset: offset, committedLeaderEpoch: -1, committedMetadata: '' },
          ],
        },
      ],
    }
  }

  offsetsBody(): RequestDraft<'OffsetFetch'> {
    return { groupId: this.group, topics: [{ name: this.topic, partitionIndexes: [0] }] }
  }

  joinBody(memberId = ''): RequestDraft<'JoinGroup'> {
    return {
      groupId: this.group,
      sessionTimeoutMs: 30_000,
      rebalanceTimeoutMs: 30_000,
      memberId,
      groupInstanceId: null,
      protocolType: 'consumer',
      protocols: [{ name: 'range', metadata: Buffer.alloc(0) }],
    }
  }
}

function partitionIn(
  partition: ElementOf<ElementOf<AnswerBody<'Metadata'>['topics']>['partitions']> | undefined,
): Omit<SeenPartitionMetadata, 'alive'> {
  if (partition === undefined) return { error: 'unknown', leader: -1, inSync: [] }
  const { errorCode, leaderId: leader, isrNodes } = partition
  return { error: errorName(errorCode), leader, inSync: [...isrNodes].sort() }
}
