import { type ApiName, type Body, encodeBatch, errorName } from '../../../kafka/wire/index.ts'
import { deepError, recordsIn, topError } from '../../differential/answers.ts'
import { BROKERS, type Stage } from './stage.ts'

const ANSWER_MS = 8_000
/** Until a cluster has noticed that a broker is gone or back, and has acted on it. */
const NOTICED_MS = 60_000
const POLL_MS = 50
const NOT_NOW: ReadonlySet<string> = new Set([
  'NOT_LEADER_OR_FOLLOWER',
  'LEADER_NOT_AVAILABLE',
  'UNKNOWN_TOPIC_OR_PARTITION',
  'COORDINATOR_NOT_AVAILABLE',
  'COORDINATOR_LOAD_IN_PROGRESS',
  'NOT_COORDINATOR',
  'CONCURRENT_TRANSACTIONS',
  'OFFSET_NOT_AVAILABLE',
  'CLOSED',
  'no answer',
])

/** One partition, as metadata shows it. */
export interface Seen {
  readonly error: string
  /** −1: none. */
  readonly leader: number
  readonly inSync: readonly number[]
  /** Brokers that the cluster knows to be there. */
  readonly alive: readonly number[]
}

/** A client of a cluster of three: what it sees, in words that mean the same everywhere. */
export class Client {
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
  async ask(broker: number, api: ApiName, version: number, body: Body): Promise<Body> {
    const line = this.#stage.connect(broker)
    const asked = line.call(api, version, body)
    await this.#stage.wait(ANSWER_MS, () => asked.body !== null || line.closed)
    const answer = asked.body ?? { failed: line.closed ? 'CLOSED' : 'no answer' }
    line.close()
    return answer
  }

  /** Asks again while the answer is that it is not the time yet. */
  async patiently<T>(ask: () => Promise<T>, errorOf: (answer: T) => string): Promise<T> {
    for (let waitedMs = 0; ; waitedMs += POLL_MS) {
      const answer = await ask()
      if (waitedMs >= NOTICED_MS || !NOT_NOW.has(errorOf(answer))) return answer
      await this.#stage.wait(POLL_MS)
    }
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

  /** They hear each other again, and the broker has heard of everything. */
  async rejoin(broker: number): Promise<void> {
    await this.#stage.cut(broker, false)
    for (let waitedMs = 0; waitedMs < NOTICED_MS; waitedMs += POLL_MS) {
      // A fenced broker is not shown.
      const { brokers = [] } = await this.ask(this.#good, 'Metadata', 7, {
        topics: [],
        allowAutoTopicCreation: false,
      })
      if ((brokers as Body[]).some(({ nodeId }) => nodeId === broker)) break
      await this.#stage.wait(POLL_MS)
    }
    this.#cut.delete(broker)
  }

  /** All brokers are there again. */
  async heal(): Promise<void> {
    for (const broker of [...this.#dead]) await this.start(broker)
    for (const broker of [...this.#cut]) await this.rejoin(broker)
  }

  /** Who is there and knows what the controller knows. */
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

  /** What coordinators have written is on all three, where they have written anything. */
  async #internalInSync(): Promise<void> {
    const topics = ['__consumer_offsets', '__transaction_state'].map((name) => ({ name }))
    const isWhole = (topic: { partitions: Body[] }): boolean =>
      topic.partitions.every(({ isrNodes }) => (isrNodes as number[]).length === BROKERS.length)
    for (let waitedMs = 0; waitedMs < NOTICED_MS; waitedMs += POLL_MS) {
      const answer = await this.ask(0, 'Metadata', 7, { topics, allowAutoTopicCreation: false })
      if (((answer['topics'] ?? []) as { partitions: Body[] }[]).every(isWhole)) return
      await this.#stage.wait(POLL_MS)
    }
  }

  /** @param broker who tells it */
  async seen(broker = this.#good): Promise<Seen> {
    const body = { topics: [{ name: this.topic }], allowAutoTopicCreation: false }
    const answer = await this.ask(broker, 'Metadata', 7, body)
    const [topic] = (answer['topics'] ?? []) as { errorCode: number; partitions: Body[] }[]
    const partition = topic?.partitions[0]
    const alive = ((answer['brokers'] ?? []) as { nodeId: number }[]).map(({ nodeId }) => nodeId)
    if (partition === undefined) return { error: 'unknown', leader: -1, inSync: [], alive }
    return {
      error: errorName(Number(partition['errorCode'])),
      leader: Number(partition['leaderId']),
      inSync: [...(partition['isrNodes'] as number[])].sort(),
      alive,
    }
  }

  /** Who leads, who is in sync, and who might lead all the same. */
  async eligible(broker: number): Promise<string> {
    const body = { topics: [{ name: this.topic }], responsePartitionLimit: 10, cursor: null }
    const answer = await this.ask(broker, 'DescribeTopicPartitions', 0, body)
    const [topic] = (answer['topics'] ?? []) as { partitions: Body[] }[]
    const partition = topic?.partitions[0] ?? {}
    const list = (field: string): string =>
      [...((partition[field] as number[] | null) ?? [])].sort().join(' ')
    const eligible = `eligible ${list('eligibleLeaderReplicas')}, last known ${list('lastKnownElr')}`
    return `led by ${String(partition['leaderId'])}, in sync ${list('isrNodes')}, ${eligible}`
  }

  /** The cluster has got so far; `never` after a minute. */
  async until(reached: (seen: Seen) => boolean): Promise<Seen> {
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
    const [topic] = (answer['topics'] ?? []) as { partitions: Body[] }[]
    const move = topic?.partitions[0]
    if (move === undefined) return 'nothing moves'
    const list = (field: string): string => (move[field] as number[]).join(' ')
    return `replicas ${list('replicas')}, adding ${list('addingReplicas')}, removing ${list('removingReplicas')}`
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
    const error = deepError(answer)
    if (error !== 'NONE') return error
    const [topic] = answer['responses'] as { partitionResponses: Body[] }[]
    return `at ${String(topic?.partitionResponses[0]?.['baseOffset'])}`
  }

  /** @param epoch the leader's epoch as the client has it; −1: not said */
  fetch(broker: number, from: bigint, epoch = -1, committed = false): Promise<string> {
    return this.#fetch(10, broker, { from, epoch, committed })
  }

  /** In a version that followers answer, too (KIP-392). */
  fetchAnywhere(broker: number, from: bigint): Promise<string> {
    return this.#fetch(11, broker, { from, epoch: -1, committed: false })
  }

  async #fetch(
    version: number,
    broker: number,
    { from, epoch, committed }: { from: bigint; epoch: number; committed: boolean },
  ): Promise<string> {
    const answer = await this.ask(broker, 'Fetch', version, {
      replicaId: -1,
      maxWaitMs: 100,
      minBytes: 1,
      maxBytes: 1_000_000,
      isolationLevel: committed ? 1 : 0,
      sessionId: 0,
      sessionEpoch: -1,
      topics: [
        {
          topic: this.topic,
          partitions: [
            {
              partition: 0,
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
    return recordsIn(answer, { ids: new Map() })
  }

  async end(broker: number): Promise<string> {
    const body = {
      replicaId: -1,
      isolationLevel: 0,
      topics: [
        { name: this.topic, partitions: [{ partitionIndex: 0, currentLeaderEpoch: -1, timestamp: -1n }] },
      ],
    }
    const answer = await this.patiently(() => this.ask(broker, 'ListOffsets', 5, body), deepError)
    if (deepError(answer) !== 'NONE') return deepError(answer)
    const [topic] = answer['topics'] as { partitions: Body[] }[]
    return `ends at ${String(topic?.partitions[0]?.['offset'])}`
  }

  // --- coordinators

  /** Of the group (0) or of a transactional id (1). */
  async coordinator(keyType: 0 | 1 = 0): Promise<number> {
    const answer = await this.patiently(
      () => this.ask(this.#good, 'FindCoordinator', 1, { key: this.group, keyType }),
      (body) => (this.#isGood(Number(body['nodeId'])) ? topError(body) : 'NOT_COORDINATOR'),
    )
    return Number(answer['nodeId'])
  }

  commitBody(offset: bigint, generation = -1, memberId = ''): Body {
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

  offsetsBody(): Body {
    return { groupId: this.group, topics: [{ name: this.topic, partitionIndexes: [0] }] }
  }

  joinBody(memberId = ''): Body {
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
