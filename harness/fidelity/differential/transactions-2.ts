import { createStream, type Stream } from '../../core/seed.ts'
import {
  type AnswerBody,
  type ApiName,
  encodeBatch,
  errorName,
  type RequestDraft,
} from '../../kafka/index.ts'
import { answered, ask, type Line, patiently } from '../../kafka/probe/index.ts'
import { deepError, topError } from './answers.ts'
import type { Target } from './target.ts'

/** The release from which on brokers know transactions of version 2. */
export const TRANSACTIONS_SINCE = '4.0'

/**
 * Transactions of version 2 (KIP-890, KAFKA.md X9) under one transactional id, by two handles of it
 * that fence each other: what each step was answered. Real producers do not mix versions, nor is it
 * done here.
 */
const STEPS = 26
/** A new topic and the coordinators are there by then. */
const SETTLE_MS = 1_500
/** Markers are written by then. */
const MARKERS_MS = 150
const RETRY_MS = 100
const TRIES = 60
const RETRIABLE: ReadonlySet<string> = new Set([
  'CONCURRENT_TRANSACTIONS',
  'COORDINATOR_LOAD_IN_PROGRESS',
  'COORDINATOR_NOT_AVAILABLE',
  'NOT_COORDINATOR',
  'NOT_ENOUGH_REPLICAS',
])
const OPERATIONS = [
  'init',
  'produce',
  'produce',
  'produce',
  'offsets',
  'end',
  'end',
  'end',
  'end again',
  'go on',
  'copy',
  'fetch',
  'describe',
] as const

interface TransactionHandle {
  producerId: bigint
  producerEpoch: number
  sequences: [number, number]
  lastEnd: RequestDraft<'EndTxn'> | null
}

/** Plays the script of this name; each step and its answer as one line. */
export async function playTransactions(target: Target, seed: string, name: string): Promise<string[]> {
  const game = new Game(target, createStream(seed), name)
  await game.open()
  const lines: string[] = []
  for (let step = 0; step < STEPS; step += 1) lines.push(await game.step(step === 0 ? 'init' : null))
  game.close()
  return lines
}

class Game {
  readonly #target: Target
  readonly #random: Stream
  readonly #line: Line
  readonly #topic: string
  readonly #transactionalId: string
  readonly #groupId: string
  readonly #handles: [TransactionHandle, TransactionHandle] = [nobody(), nobody()]
  #firstId: bigint | null = null

  constructor(target: Target, random: Stream, name: string) {
    this.#target = target
    this.#random = random
    this.#line = target.connect()
    this.#topic = `version-2-${name}`
    this.#transactionalId = `id-${name}`
    this.#groupId = `group-${name}`
  }

  async open(): Promise<void> {
    const topic = { name: this.#topic, numPartitions: 2, replicationFactor: 1, assignments: [], configs: [] }
    await this.#ask('CreateTopics', 4, { topics: [topic], timeoutMs: 5_000, validateOnly: false })
    await this.#target.wait(SETTLE_MS)
    await this.#patiently('FindCoordinator', 2, { key: this.#transactionalId, keyType: 1 })
    await this.#patiently('FindCoordinator', 2, { key: this.#groupId, keyType: 0 })
  }

  close(): void {
    this.#line.close()
  }

  async step(given: (typeof OPERATIONS)[number] | null): Promise<string> {
    const second = this.#random.oneIn(1, 4)
    const operation = given ?? this.#random.pick(OPERATIONS)
    const committed = this.#random.oneIn(1, 2)
    const partition = this.#random.between(0, 1)
    const handle = this.#handles[second ? 1 : 0]
    const who = `${operation}${second ? ' as the other' : ''}`
    switch (operation) {
      case 'init':
      case 'go on':
        return `${who} => ${await this.#init(handle, operation === 'go on')}`
      case 'produce':
        return `${who} ${partition} => ${await this.#produce(handle, partition)}`
      case 'offsets':
        return `${who} => ${await this.#offsets(handle)}`
      case 'end':
        handle.lastEnd = { ...this.#identity(handle), committed }
        return `${who} ${committed ? 'commit' : 'abort'} => ${await this.#end(handle, handle.lastEnd)}`
      case 'end again':
        return `${who} => ${handle.lastEnd === null ? 'never ended' : await this.#end(null, handle.lastEnd)}`
      case 'copy':
        Object.assign(this.#handles[1], { ...this.#handles[0], sequences: [...this.#handles[0].sequences] })
        return operation
      case 'fetch':
        return `${operation} ${partition} => ${await this.#fetch(partition)}`
      case 'describe':
        return `${operation} => ${await this.#describe()}`
    }
  }

  async #init(handle: TransactionHandle, goesOn: boolean): Promise<string> {
    const identity = goesOn ? this.#identity(handle) : { producerId: -1n, producerEpoch: -1 }
    const answer = await this.#patiently('InitProducerId', 5, {
      ...identity,
      transactionalId: this.#transactionalId,
      transactionTimeoutMs: 60_000,
    })
    return this.#taken(handle, answer)
  }

  async #produce(handle: TransactionHandle, partition: number): Promise<string> {
    const { producerId, producerEpoch, sequences } = handle
    if (producerId < 0n) return 'nobody yet'
    const record = { timestamp: BigInt(this.#target.nowMs()), key: null, value: Buffer.from('v') }
    const baseSequence = sequences[partition] ?? 0
    const records = encodeBatch({
      transactional: true,
      producerId,
      producerEpoch,
      baseSequence,
      records: [record],
    })
    const answer = await this.#patiently('Produce', 12, {
      transactionalId: this.#transactionalId,
      acks: -1,
      timeoutMs: 5_000,
      topicData: [{ name: this.#topic, partitionData: [{ index: partition, records }] }],
    })
    const error = deepError(answer)
    if (error === 'NONE') sequences[partition] = baseSequence + 1
    return error
  }

  async #offsets(handle: TransactionHandle): Promise<string> {
    const partition = {
      partitionIndex: 0,
      committedOffset: 3n,
      committedLeaderEpoch: -1,
      committedMetadata: null,
    }
    return deepError(
      await this.#patiently('TxnOffsetCommit', 5, {
        ...this.#identity(handle),
        groupId: this.#groupId,
        generationId: -1,
        memberId: '',
        groupInstanceId: null,
        topics: [{ name: this.#topic, partitions: [partition] }],
      }),
    )
  }

  async #end(handle: TransactionHandle | null, body: RequestDraft<'EndTxn'>): Promise<string> {
    const answer = await this.#patiently('EndTxn', 5, body)
    const seen = this.#taken(handle, answer)
    await this.#target.wait(MARKERS_MS)
    return seen
  }

  async #describe(): Promise<string> {
    const answer = await this.#ask('DescribeTransactions', 0, { transactionalIds: [this.#transactionalId] })
    const [found] = answer.transactionStates
    if (found === undefined) return 'nothing'
    const { errorCode, transactionState, producerEpoch, topics } = found
    const partitions = topics.reduce((count, topic) => count + topic.partitions.length, 0)
    return `${errorName(errorCode)} ${transactionState} epoch ${producerEpoch}, ${partitions} partitions`
  }

  async #fetch(partition: number): Promise<string> {
    const asked = {
      partition,
      currentLeaderEpoch: -1,
      fetchOffset: 0n,
      logStartOffset: -1n,
      partitionMaxBytes: 100_000,
    }
    const answer = await this.#ask('Fetch', 11, {
      replicaId: -1,
      maxWaitMs: 0,
      minBytes: 0,
      maxBytes: 1_000_000,
      isolationLevel: 1,
      sessionId: 0,
      sessionEpoch: -1,
      topics: [{ topic: this.#topic, partitions: [asked] }],
      forgottenTopicsData: [],
      rackId: '',
    })
    const found = answer.responses[0]?.partitions[0]
    const aborted = (found?.abortedTransactions ?? []).map(({ firstOffset }) => firstOffset).join()
    const bytes = found?.records?.length ?? 0
    return `high ${found?.highWatermark} stable ${found?.lastStableOffset} aborted ${aborted}, ${bytes} bytes`
  }

  #identity({ producerId, producerEpoch }: TransactionHandle) {
    return { transactionalId: this.#transactionalId, producerId, producerEpoch }
  }

  /** The handle goes on with what it was given. Ids are told apart from the first one only. */
  #taken(
    handle: TransactionHandle | null,
    answer: AnswerBody<'EndTxn'> | AnswerBody<'InitProducerId'>,
  ): string {
    const error = topError(answer)
    if (error !== 'NONE') return error
    const { producerId, producerEpoch } = answer
    this.#firstId ??= producerId
    if (handle !== null) Object.assign(handle, { producerId, producerEpoch, sequences: [0, 0] })
    return `${producerId === this.#firstId ? 'same id' : 'new id'} epoch ${producerEpoch}`
  }

  #patiently<Api extends ApiName>(
    api: Api,
    version: number,
    body: RequestDraft<Api>,
  ): Promise<AnswerBody<Api>> {
    const isNotNow = (answer: AnswerBody<Api>): boolean => RETRIABLE.has(deepError(answer))
    const options = { isNotNow, pauseMs: RETRY_MS, tries: TRIES }
    return patiently(this.#target, () => this.#ask(api, version, body), options)
  }

  /**
   * @throws Error where the broker closes the connection or does not answer: no script gives it
   * reason to
   */
  async #ask<Api extends ApiName>(
    api: Api,
    version: number,
    body: RequestDraft<Api>,
  ): Promise<AnswerBody<Api>> {
    return answered(await ask({ line: this.#line, waiter: this.#target }, api, version, body))
  }
}

function nobody(): TransactionHandle {
  return { producerId: -1n, producerEpoch: -1, sequences: [0, 0], lastEnd: null }
}
