import type { Observation } from '../../core/history.ts'
import { entryAt } from '../../core/lists.ts'
import type { PartitionLog } from '../log/partition-log.ts'
import { clientOf } from '../quota/throttled-client.ts'
import type { Throttling } from '../quota/throttling.ts'
import type { SeenPartition } from '../topics/topic.interface.ts'
import { NO_TOPIC_ID } from '../topics/topic-ids.ts'
import {
  type AnswerDraft,
  type ElementOf,
  encodeResponse,
  type RecordBatch,
  type RequestBody,
} from '../wire/index.ts'
import { askingOf } from './authorization/authorized.ts'
import type {
  FetchConclusion,
  FetchContext,
  FetchedPartition,
  FetchPartition,
  FoundPartition,
  SessionError,
  WantedPartition,
} from './fetch-sessions.ts'
import { code, type RequestContext, served } from './handler.ts'
import { FOLLOWERS_FROM, preferredReplica, readableLog } from './read-replicas.ts'

const IDS_FROM = 13
const DIVERGENCE_FROM = 12
const FLEXIBLE_FROM = 12
/** The correlation id, and no tagged fields. */
const HEADER_BYTES = 4
const FLEXIBLE_HEADER_BYTES = 5
/** Not an error: the reader is told where its log and the leader's part. */
const DIVERGES = 'diverges'
const LEADER_HINT_FROM = 16
const READ_COMMITTED = 1
const NOTHING = Buffer.alloc(0)

/**
 * Fetch (1), versions 4 to 18. Whole batches from the one that holds the offset on; the first batch
 * of the answer may exceed the limits (KIP-74). Waits for `minBytes` up to `maxWaitMs`; a produce,
 * a move of leadership or an error in any partition ends the wait. Sessions (KIP-227, KAFKA.md L9)
 * from 7 on, topic ids (KIP-516, L11) from 13 on, where the leader is (KIP-951) from 16 on. From 11
 * on followers answer, too, and a leader sends a consumer to one in its rack (KIP-392).
 */
export const fetch = served('Fetch')({
  min: 4,
  max: 18,
  handler: (context) => ({
    apply: (answer) => poll(context, answer),
    refuse: (error) => ({
      errorCode: code(error),
      responses: context.body.topics.map(({ topic, topicId, partitions }) => ({
        topic,
        topicId,
        partitions: partitions.map(({ partition }) => failed(partition, error)),
      })),
    }),
  }),
})

function failed(partitionIndex: number, error: string): FoundPartition & { readonly partitionIndex: number } {
  return {
    partitionIndex,
    errorCode: code(error),
    highWatermark: -1n,
    lastStableOffset: -1n,
    logStartOffset: -1n,
    abortedTransactions: null,
    records: NOTHING,
  }
}

/** One request on its way through. */
interface Poll {
  readonly request: RequestContext<'Fetch'>
  readonly context: FetchContext
  /**
   * Partitions that can be read on arrival. Others are answered with an error, which does not end
   * the wait.
   */
  readonly interesting: readonly WantedPartition[]
}

function open(request: RequestContext<'Fetch'>): FetchContext | SessionError {
  const { body, broker, cluster, version } = request
  const usesTopicIds = version >= IDS_FROM
  const nameOf = (topicId: string): string | null => cluster.topics.byId(topicId)?.name ?? null
  const wanted = body.topics.flatMap(({ topic, topicId, partitions }) => {
    const name = usesTopicIds ? nameOf(topicId) : topic
    return partitions.map((asked) => ({ topic: name, topicId, asked }))
  })
  const forgotten = body.forgottenTopicsData.flatMap(({ topic, topicId, partitions }) =>
    partitions.map((partition) => ({ topic, topicId, partition })),
  )
  const { sessionId, sessionEpoch } = body
  return broker.fetchSessions.open({ sessionId, sessionEpoch, usesTopicIds, wanted, forgotten, nameOf })
}

/** Answers at once where there is enough or something is wrong; else waits. */
function poll(request: RequestContext<'Fetch'>, answer: (body: AnswerDraft<'Fetch'>) => void): void {
  const { body, cluster } = request
  const context = open(request)
  if (typeof context === 'string') return answer({ errorCode: code(context), sessionId: 0, responses: [] })
  const interesting = context.wanted.filter(
    (wanted) => partitionOf(request, wanted) !== undefined && mayRead(request, wanted),
  )
  const poll: Poll = { request, context, interesting }
  if (body.maxWaitMs <= 0 || interesting.length === 0 || isReady(poll)) return answer(read(poll))
  let finished = false
  const undo: (() => void)[] = []
  const finish = (): void => {
    if (finished) return
    finished = true
    for (const each of undo) each()
    answer(read(poll))
  }
  const listen = (): void => {
    for (const wanted of interesting) {
      const partition = partitionOf(request, wanted)
      if (partition === undefined) continue
      undo.push((logOf(request, partition) ?? partition.log).whenAppended(changed))
    }
  }
  const changed = (): void => {
    if (finished) return
    if (isReady(poll)) return finish()
    for (const each of undo.splice(2)) each()
    listen()
  }
  const timer = cluster.clock.after(Math.max(0, body.maxWaitMs), finish)
  undo.push(
    () => timer.cancel(),
    request.onClose(() => {
      finished = true
      for (const each of undo) each()
    }),
  )
  listen()
}

function partitionOf(
  { broker }: RequestContext<'Fetch'>,
  { topic, asked }: WantedPartition,
): SeenPartition | undefined {
  // As it is known now: the request may have waited.
  return topic === null ? undefined : broker.cluster.topics.partition(topic, asked.partition)
}

/** A client's ACLs may change while its session goes on. */
function mayRead(request: RequestContext<'Fetch'>, { topic }: WantedPartition): boolean {
  const { authorizer } = request.cluster
  return authorizer === null || topic === null || authorizer.allows(askingOf(request), 'Read', 'Topic', topic)
}

function isReady({ request, interesting }: Poll): boolean {
  const { body } = request
  let bytes = 0
  const minBytes = Math.min(body.minBytes, body.maxBytes)
  for (const wanted of interesting) {
    const partition = partitionOf(request, wanted)
    if (partition === undefined || problemOf(request, partition, wanted) !== null) return true
    if (preferredOf(request, partition, wanted.asked) !== null) return true
    const log = logOf(request, partition) ?? partition.log
    bytes += log.bytesFrom(wanted.asked.fetchOffset, {
      limit: endOf(log, body),
      bytesMax: Math.min(wanted.asked.partitionMaxBytes, minBytes),
    })
    if (bytes >= minBytes) return true
  }
  return false
}

function logOf({ broker, version }: RequestContext<'Fetch'>, partition: SeenPartition): PartitionLog | null {
  return readableLog(partition, { broker: broker.id, version })
}

/** The follower that the reader is sent to, or null. */
function preferredOf(
  { cluster, broker, body, version }: RequestContext<'Fetch'>,
  partition: SeenPartition,
  { fetchOffset }: FetchPartition,
): number | null {
  if (cluster.settings['replica.selector.class'] === '') return null
  if (version < FOLLOWERS_FROM || partition.leader !== broker.id) return null
  return preferredReplica(cluster, partition, { rackId: body.rackId, fetchOffset })
}

/** Up to here a reader of this isolation level may read. */
function endOf(log: PartitionLog, { isolationLevel }: RequestBody<'Fetch'>): bigint {
  return isolationLevel === READ_COMMITTED ? log.lastStableOffset : log.highWatermark
}

function lastFetched({ lastFetchedEpoch }: FetchPartition, version: number): number | null {
  return version >= DIVERGENCE_FROM && lastFetchedEpoch >= 0 ? lastFetchedEpoch : null
}

/**
 * The log was cut back below what the reader has: no records, and where its last epoch ends here
 * (KIP-595).
 */
function diverging(log: PartitionLog, { partition, lastFetchedEpoch }: FetchPartition): FoundPartition {
  const end = log.endOfEpoch(lastFetchedEpoch)
  return {
    ...failed(partition, 'NONE'),
    highWatermark: log.highWatermark,
    lastStableOffset: log.lastStableOffset,
    logStartOffset: log.startOffset,
    divergingEpoch: { epoch: end?.epoch ?? -1, endOffset: end?.offset ?? -1n },
  }
}

function problemOf(
  request: RequestContext<'Fetch'>,
  partition: SeenPartition,
  { topic, topicId, asked }: WantedPartition,
): string | null {
  const { cluster, version } = request
  if (topicId !== NO_TOPIC_ID && version >= IDS_FROM && cluster.topics.get(topic ?? '')?.id !== topicId)
    return 'INCONSISTENT_TOPIC_ID'
  const log = logOf(request, partition)
  if (log === null) return 'NOT_LEADER_OR_FOLLOWER'
  if (version >= 9 && asked.currentLeaderEpoch >= 0) {
    const { leaderEpoch } = partition
    if (asked.currentLeaderEpoch < leaderEpoch) return 'FENCED_LEADER_EPOCH'
    if (asked.currentLeaderEpoch > leaderEpoch) return 'UNKNOWN_LEADER_EPOCH'
  }
  const epoch = lastFetched(asked, version)
  if (epoch !== null) {
    const end = log.endOfEpoch(epoch)
    if (end === null) return 'OFFSET_OUT_OF_RANGE'
    if (end.epoch < epoch || end.offset < asked.fetchOffset) return DIVERGES
  }
  const outside = asked.fetchOffset < log.startOffset || asked.fetchOffset > log.endOffset
  return outside ? 'OFFSET_OUT_OF_RANGE' : null
}

/** Known partitions first, then ids without a topic, then topics without the partition. */
function inOrder({ context, interesting }: Poll): readonly WantedPartition[] {
  if (interesting.length === context.wanted.length) return context.wanted
  const known = new Set(interesting)
  const rest = context.wanted.filter((wanted) => !known.has(wanted))
  return [
    ...interesting,
    ...rest.filter(({ topic }) => topic === null),
    ...rest.filter(({ topic }) => topic !== null),
  ]
}

function read(poll: Poll): AnswerDraft<'Fetch'> {
  const { request, context } = poll
  const { cluster, body } = request
  const limits = { bytes: Math.min(body.maxBytes, cluster.settings['fetch.max.bytes']), any: false }
  if (cluster.throttling !== null) return readWithin(cluster.throttling, poll, limits)
  const observe = (fetched: Observation): void => cluster.observe(fetched)
  return concluded(poll, context.conclude(foundIn(poll, limits, observe)))
}

/**
 * As much as the client's quotas let it have: an answer without records where that is too much, its
 * session untouched.
 */
function readWithin(throttling: Throttling, poll: Poll, limits: Limits): AnswerDraft<'Fetch'> {
  const { request, context } = poll
  const client = clientOf(request, request.clientId)
  limits.bytes = Math.min(limits.bytes, throttling.fetchBytesMax(client))
  const seen: Observation[] = []
  const found = foundIn(poll, limits, (fetched) => void seen.push(fetched))
  const throttleTimeMs = throttling.ofFetch(
    client,
    sizeOf(request, context.worthTelling(found)),
    request.cluster.clock.nowMs(),
  )
  if (throttleTimeMs > 0) {
    const { error, sessionId } = context.withhold()
    return { throttleTimeMs, errorCode: code(error), sessionId, responses: [] }
  }
  for (const fetched of seen) request.cluster.observe(fetched)
  return concluded(poll, context.conclude(found))
}

interface Limits {
  bytes: number
  any: boolean
}

function foundIn(poll: Poll, limits: Limits, observe: (fetched: Observation) => void): FetchedPartition[] {
  return inOrder(poll).map((wanted) => ({
    wanted,
    found: readPartition(poll.request, wanted, { limits, observe }),
  }))
}

function concluded({ request }: Poll, { error, sessionId, told }: FetchConclusion): AnswerDraft<'Fetch'> {
  return { errorCode: code(error), sessionId, ...leaderHints(request, told), responses: byTopic(told) }
}

/** Bytes of an answer that tells of these partitions, without its header. */
function sizeOf({ version }: RequestContext<'Fetch'>, told: readonly FetchedPartition[]): number {
  const header = version >= FLEXIBLE_FROM ? FLEXIBLE_HEADER_BYTES : HEADER_BYTES
  return encodeResponse('Fetch', version, 0, { responses: byTopic(told) }).length - header
}

/** One structure for neighbours of one topic. */
function byTopic(told: readonly FetchedPartition[]): readonly ElementOf<AnswerDraft<'Fetch'>['responses']>[] {
  const topics: { topic: string; topicId: string; partitions: FoundPartition[] }[] = []
  for (const { wanted, found } of told) {
    const { topicId } = wanted
    // Versions that ask by id do not write the name.
    const topic = wanted.topic ?? ''
    const last = topics.at(-1)
    if (last !== undefined && last.topic === topic && last.topicId === topicId) last.partitions.push(found)
    else topics.push({ topic, topicId, partitions: [found] })
  }
  return topics
}

/** Where the leaders are of partitions that moved. */
function leaderHints(
  { cluster, version }: RequestContext<'Fetch'>,
  told: readonly FetchedPartition[],
): Pick<AnswerDraft<'Fetch'>, 'nodeEndpoints'> {
  if (version < LEADER_HINT_FROM) return {}
  const leaders = new Set<unknown>()
  for (const { found } of told) {
    const { currentLeader } = found
    if (currentLeader !== undefined) leaders.add(currentLeader.leaderId)
  }
  if (leaders.size === 0) return {}
  const known = cluster.liveBrokers.filter(({ id }) => leaders.has(id))
  return { nodeEndpoints: known.map(({ id, host, port }) => ({ nodeId: id, host, port, rack: null })) }
}

function failedAt(
  { version }: RequestContext<'Fetch'>,
  { leader, leaderEpoch }: SeenPartition,
  index: number,
  problem: string,
): FoundPartition {
  const body = failed(index, problem)
  if (version < LEADER_HINT_FROM) return body
  if (problem !== 'NOT_LEADER_OR_FOLLOWER' && problem !== 'FENCED_LEADER_EPOCH') return body
  return { ...body, currentLeader: { leaderId: leader ?? -1, leaderEpoch } }
}

function readPartition(
  request: RequestContext<'Fetch'>,
  wanted: WantedPartition,
  { limits, observe }: { limits: Limits; observe: (fetched: Observation) => void },
): FoundPartition {
  const { broker, peer, body } = request
  const { topic, asked } = wanted
  const partition = partitionOf(request, wanted)
  if (!mayRead(request, wanted))
    return { ...failed(asked.partition, 'TOPIC_AUTHORIZATION_FAILED'), abortedTransactions: [] }
  if (topic === null || partition === undefined) {
    const error = topic === null ? 'UNKNOWN_TOPIC_ID' : 'UNKNOWN_TOPIC_OR_PARTITION'
    return { ...failed(asked.partition, error), abortedTransactions: [] }
  }
  const problem = problemOf(request, partition, wanted)
  const log = logOf(request, partition) ?? partition.log
  if (problem === DIVERGES) return diverging(log, asked)
  if (problem !== null) return failedAt(request, partition, asked.partition, problem)
  const { highWatermark, lastStableOffset, startOffset } = log
  const preferred = preferredOf(request, partition, asked)
  if (preferred !== null) {
    const known = { highWatermark, lastStableOffset, logStartOffset: startOffset }
    return { ...failed(asked.partition, 'NONE'), ...known, preferredReadReplica: preferred }
  }
  const limit = endOf(log, body)
  const bytesMax = Math.min(asked.partitionMaxBytes, limits.bytes)
  const batches = log.read(asked.fetchOffset, { limit, bytesMax, atLeastOne: !limits.any })
  const records = bytesOf(batches)
  if (batches.length > 0) {
    limits.any = true
    limits.bytes = Math.max(0, limits.bytes - records.length)
    const first = entryAt(batches, 0)
    const last = entryAt(batches, batches.length - 1)
    observe({
      kind: 'fetched',
      topic,
      partition: asked.partition,
      fetchOffset: asked.fetchOffset,
      firstOffset: first.baseOffset,
      lastOffset: last.lastOffset,
      highWatermark,
      lastStableOffset,
      broker: broker.address.host,
      process: peer.process,
      incarnation: peer.incarnation,
    })
  }
  return {
    partitionIndex: asked.partition,
    errorCode: 0,
    highWatermark,
    lastStableOffset,
    logStartOffset: startOffset,
    abortedTransactions: body.isolationLevel === READ_COMMITTED ? abortedIn(log, batches) : null,
    records,
  }
}

/** Those that a reader of these batches has to leave out (KAFKA.md X6). */
function abortedIn(
  log: SeenPartition['log'],
  batches: readonly RecordBatch[],
): NonNullable<FoundPartition['abortedTransactions']> {
  const [first] = batches
  const last = batches.at(-1)
  if (first === undefined || last === undefined || !log.transactions.anyAborted) return []
  const aborted = log.transactions.abortedIn(first.baseOffset, log.indexedEnd(last.lastOffset))
  return aborted.map(({ producerId, firstOffset }) => ({ producerId, firstOffset }))
}

function bytesOf(batches: readonly RecordBatch[]): Buffer {
  if (batches.length === 0) return NOTHING
  const [only] = batches
  return batches.length === 1 && only !== undefined
    ? only.bytes
    : Buffer.concat(batches.map(({ bytes }) => bytes))
}
