import { entryAt } from '../../core/lists.ts'
import type { Chance } from '../../core/seed.ts'
import type { Clock } from '../cluster.interface.ts'
import type { Settings } from '../settings.ts'
import type { AnswerDraft, ElementOf } from '../wire/index.ts'

/** One partition of a Fetch request, with what its session knows of it. */
export interface FetchPartition {
  readonly partition: number
  readonly currentLeaderEpoch: number
  readonly fetchOffset: bigint
  readonly lastFetchedEpoch: number
  readonly partitionMaxBytes: number
}

export interface WantedPartition {
  /** Null: the request has an id that this broker does not know. */
  readonly topic: string | null
  readonly topicId: string
  readonly asked: FetchPartition
}

type SessionPartitionAnswer = ElementOf<ElementOf<AnswerDraft<'Fetch'>['responses']>['partitions']>

/** The answer for one partition. */
export type FoundPartition = SessionPartitionAnswer &
  Required<Pick<SessionPartitionAnswer, 'errorCode' | 'highWatermark' | 'logStartOffset'>>

/** The records found for one partition. */
export interface FetchedPartition {
  readonly wanted: WantedPartition
  readonly found: FoundPartition
}

export interface FetchRequest {
  readonly sessionId: number
  readonly sessionEpoch: number
  readonly usesTopicIds: boolean
  readonly wanted: readonly WantedPartition[]
  /** The name of the topic with this id, where the broker knows it now. */
  nameOf(topicId: string): string | null
  readonly forgotten: readonly {
    readonly topic: string | null
    readonly topicId: string
    readonly partition: number
  }[]
}

/**
 * The partitions that a request stands for, and the part of the result that it is answered with.
 */
export interface FetchContext {
  readonly wanted: readonly WantedPartition[]
  conclude(found: readonly FetchedPartition[]): FetchConclusion
  /** The partitions that `conclude` would include; the session stays as it is. */
  worthTelling(found: readonly FetchedPartition[]): readonly FetchedPartition[]
  /** The client is throttled: it is told nothing, and a session that would have begun does not. */
  withhold(): FetchConclusion
}

export interface FetchConclusion {
  readonly error: 'NONE' | 'INVALID_FETCH_SESSION_EPOCH'
  readonly sessionId: number
  readonly told: readonly FetchedPartition[]
}

export type SessionError =
  | 'FETCH_SESSION_ID_NOT_FOUND'
  | 'INVALID_FETCH_SESSION_EPOCH'
  | 'FETCH_SESSION_TOPIC_ID_ERROR'

interface CachedPartition {
  wanted: WantedPartition
  /** As last told; −1 before, and after an error. */
  highWatermark: bigint
  logStartOffset: bigint
}

interface FetchSession {
  readonly id: number
  readonly usesTopicIds: boolean
  readonly createdMs: number
  lastUsedMs: number
  epoch: number
  /** Newcomers with as many partitions may take its slot. */
  evictable: boolean
  readonly partitions: Map<string, CachedPartition>
}

const NO_SESSION = 0
const INITIAL_EPOCH = 0
const FINAL_EPOCH = -1
const EPOCH_MAX = 2 ** 31 - 1
/**
 * Shards of the sessions that Kafka keeps, each with its part of the slots and of the ids
 * (KAFKA-9401).
 */
const SHARDS = 8
const IDS_PER_SHARD = Math.floor(EPOCH_MAX / SHARDS)
/**
 * A session is safe from others of its size for this long, and gives way after as long without use.
 */
const EVICTION_MS = 120_000

/**
 * The incremental fetch sessions that one broker keeps (KIP-227; KAFKA.md L9). They are gone when
 * it stops.
 */
export class FetchSessions {
  readonly #host: { readonly clock: Clock; readonly settings: Settings; readonly chance: Chance }
  #shards: Map<number, FetchSession>[] | null = null
  #nextShard = 0

  constructor(host: { readonly clock: Clock; readonly settings: Settings; readonly chance: Chance }) {
    this.#host = host
  }

  clear(): void {
    this.#shards = null
  }

  open(request: FetchRequest): FetchContext | SessionError {
    const { sessionId, sessionEpoch } = request
    if (sessionEpoch === INITIAL_EPOCH || sessionEpoch === FINAL_EPOCH) {
      if (sessionId !== NO_SESSION) this.#shardOf(sessionId)?.delete(sessionId)
      return sessionEpoch === FINAL_EPOCH ? withoutSession(request.wanted) : this.#full(request)
    }
    const session = this.#shardOf(sessionId)?.get(sessionId)
    if (session === undefined) return 'FETCH_SESSION_ID_NOT_FOUND'
    if (session.epoch !== sessionEpoch) return 'INVALID_FETCH_SESSION_EPOCH'
    if (session.usesTopicIds !== request.usesTopicIds) return 'FETCH_SESSION_TOPIC_ID_ERROR'
    update(session, request)
    if (session.partitions.size === 0) {
      this.#shardOf(sessionId)?.delete(sessionId)
      return withoutSession(request.wanted)
    }
    this.#touch(session)
    session.epoch = nextEpoch(session.epoch)
    return incremental(session)
  }

  #shardOf(sessionId: number): Map<number, FetchSession> | undefined {
    return this.#shards?.[Math.floor(sessionId / IDS_PER_SHARD)]
  }

  /** A whole request: the session begins with its answer, where there is a slot for it. */
  #full({ wanted, usesTopicIds }: FetchRequest): FetchContext {
    return {
      wanted,
      conclude: (told) => ({ error: 'NONE', sessionId: this.#create(told, usesTopicIds), told }),
      worthTelling: (found) => found,
      withhold: () => NOTHING_TOLD,
    }
  }

  #create(found: readonly FetchedPartition[], usesTopicIds: boolean): number {
    const slots = Math.floor(this.#host.settings['max.incremental.fetch.session.cache.slots'] / SHARDS)
    this.#shards ??= Array.from({ length: SHARDS }, () => new Map())
    const index = this.#nextShard++ % SHARDS
    const shard = entryAt(this.#shards, index)
    const nowMs = this.#host.clock.nowMs()
    const partitions = new Map(
      found.map(({ wanted, found: { highWatermark, logStartOffset } }) => [
        keyOf(wanted, wanted.asked.partition),
        { wanted, highWatermark, logStartOffset },
      ]),
    )
    if (shard.size >= slots && !evict(shard, partitions.size, nowMs)) return NO_SESSION
    const random = this.#host.chance.stream('fetch-sessions')
    let id = NO_SESSION
    while (id === NO_SESSION || shard.has(id)) id = index * IDS_PER_SHARD + random.below(IDS_PER_SHARD)
    const epoch = nextEpoch(INITIAL_EPOCH)
    shard.set(id, {
      id,
      usesTopicIds,
      createdMs: nowMs,
      lastUsedMs: nowMs,
      epoch,
      evictable: false,
      partitions,
    })
    return id
  }

  #touch(session: FetchSession): void {
    session.lastUsedMs = this.#host.clock.nowMs()
    session.evictable = session.lastUsedMs - session.createdMs > EVICTION_MS
  }
}

function withoutSession(wanted: readonly WantedPartition[]): FetchContext {
  return {
    wanted,
    conclude: (told) => ({ error: 'NONE', sessionId: NO_SESSION, told }),
    worthTelling: (found) => found,
    withhold: () => NOTHING_TOLD,
  }
}

const NOTHING_TOLD: FetchConclusion = { error: 'NONE', sessionId: NO_SESSION, told: [] }

function incremental(session: FetchSession): FetchContext {
  const expected = session.epoch
  const sessionId = session.id
  // Another request used the session while this one waited.
  const error = (): FetchConclusion['error'] =>
    session.epoch === expected ? 'NONE' : 'INVALID_FETCH_SESSION_EPOCH'
  return {
    wanted: [...session.partitions.values()].map(({ wanted }) => wanted),
    conclude: (found) => {
      if (error() !== 'NONE') return { error: error(), sessionId, told: [] }
      const told = found.filter((each) => isNews(session, each))
      for (const each of found) note(session, each)
      return { error: 'NONE', sessionId, told }
    },
    worthTelling: (found) => (error() === 'NONE' ? found.filter((each) => isNews(session, each)) : []),
    withhold: () => ({ error: error(), sessionId, told: [] }),
  }
}

/**
 * Whether the client must hear of this partition: it has records, an error, or bounds other than
 * those last told.
 */
function isNews(session: FetchSession, { wanted, found }: FetchedPartition): boolean {
  const cached = session.partitions.get(keyOf(wanted, wanted.asked.partition))
  if (cached === undefined) return true
  const { errorCode, highWatermark, logStartOffset, divergingEpoch, preferredReadReplica } = found
  if (preferredReadReplica !== undefined) return true
  if (errorCode !== 0 || lengthOf(found) > 0 || divergingEpoch !== undefined) return true
  return cached.highWatermark !== highWatermark || cached.logStartOffset !== logStartOffset
}

/** The session remembers what it was told. */
function note(session: FetchSession, { wanted, found }: FetchedPartition): void {
  const key = keyOf(wanted, wanted.asked.partition)
  const cached = session.partitions.get(key)
  if (cached === undefined) return
  cached.highWatermark = found.errorCode === 0 ? found.highWatermark : -1n
  cached.logStartOffset = found.logStartOffset
  if (lengthOf(found) === 0) return
  // Those without records come first next time, so that none is starved.
  session.partitions.delete(key)
  session.partitions.set(key, cached)
}

function lengthOf({ records }: FoundPartition): number {
  return records?.length ?? 0
}

function update(session: FetchSession, { wanted, forgotten, nameOf }: FetchRequest): void {
  for (const each of wanted) {
    const key = keyOf(each, each.asked.partition)
    const cached = session.partitions.get(key)
    if (cached === undefined) {
      session.partitions.set(key, { wanted: each, highWatermark: -1n, logStartOffset: -1n })
    } else {
      // A name that was known once stays, whatever became of the topic.
      cached.wanted = { ...each, topic: cached.wanted.topic ?? each.topic }
    }
  }
  for (const each of forgotten) session.partitions.delete(keyOf(each, each.partition))
  for (const cached of session.partitions.values()) {
    const { topic, topicId } = cached.wanted
    if (topic === null) cached.wanted = { ...cached.wanted, topic: nameOf(topicId) }
  }
}

/**
 * Makes room in a full shard, for one with so many partitions (FetchSessionCacheShard.tryEvict).
 */
function evict(shard: Map<number, FetchSession>, size: number, nowMs: number): boolean {
  const all = [...shard.values()]
  const oldest = all.sort((a, b) => a.lastUsedMs - b.lastUsedMs || a.id - b.id)[0]
  if (oldest === undefined) return false
  if (nowMs - oldest.lastUsedMs > EVICTION_MS) return shard.delete(oldest.id)
  const [least] = all
    .filter(({ evictable }) => evictable)
    .sort((a, b) => a.partitions.size - b.partitions.size || a.id - b.id)
  // Of two of one size the one with the lower id gives way; a newcomer's counts as 0.
  return least !== undefined && size > least.partitions.size && shard.delete(least.id)
}

function keyOf({ topic, topicId }: { topic: string | null; topicId: string }, partition: number): string {
  return `${topicId === NO_ID ? topic : topicId}/${partition}`
}

const NO_ID = '0'.repeat(32)

function nextEpoch(epoch: number): number {
  return epoch === EPOCH_MAX ? 1 : epoch + 1
}
