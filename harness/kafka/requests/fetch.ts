import type { Partition } from '../log/topics.ts'
import type { Body, RecordBatch } from '../wire/index.ts'
import { code, handle, type RequestContext, type Served } from './handler.ts'

interface Request {
  readonly maxWaitMs: number
  readonly minBytes: number
  readonly maxBytes: number
  readonly isolationLevel: number
  readonly sessionId: number
  readonly sessionEpoch: number
  readonly topics: readonly { readonly topic: string; readonly partitions: readonly FetchPartition[] }[]
}

interface FetchPartition {
  readonly partition: number
  readonly currentLeaderEpoch: number
  readonly fetchOffset: bigint
  readonly partitionMaxBytes: number
}

const READ_COMMITTED = 1
const NOTHING = Buffer.alloc(0)

/**
 * Fetch (1), versions 4 to 11. Whole batches from the one that holds the offset on; the first batch of the answer may
 * exceed the limits (KIP-74). Waits for `minBytes` up to `maxWaitMs`; a produce, a move of leadership or an error in any
 * partition ends the wait. Sessions (KIP-227) are not kept: every answer says session 0, and clients send whole requests.
 */
export const fetch: Served = {
  key: 1,
  min: 4,
  max: 11,
  handler: handle<Request>((context) => ({
    apply: (answer) => poll(context, answer),
    refuse: (error) => ({
      errorCode: code(error),
      responses: context.body.topics.map(({ topic, partitions }) => ({
        topic,
        partitions: partitions.map(({ partition }) => failed(partition, error)),
      })),
    }),
  })),
}

function failed(partitionIndex: number, error: string): Body {
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

/** Answers at once where there is enough or something is wrong; else waits. */
function poll(context: RequestContext<Request>, answer: (body: Body) => void): void {
  const { body, cluster } = context
  // Sessions are never given out, so that a client that names one is mistaken (L9).
  if (body.sessionId > 0) return answer({ errorCode: code('FETCH_SESSION_ID_NOT_FOUND'), responses: [] })
  if (body.maxWaitMs <= 0 || isReady(context)) return answer(read(context))
  let finished = false
  const undo: (() => void)[] = []
  const finish = (): void => {
    if (finished) return
    finished = true
    for (const each of undo) each()
    answer(read(context))
  }
  const listen = (): void => {
    for (const { topic, partitions } of body.topics) {
      for (const { partition } of partitions) {
        const log = cluster.topics.partition(topic, partition)?.log
        if (log !== undefined) undo.push(log.whenAppended(changed))
      }
    }
  }
  const changed = (): void => {
    if (finished) return
    if (isReady(context)) return finish()
    for (const each of undo.splice(2)) each()
    listen()
  }
  const timer = cluster.clock.after(Math.max(0, body.maxWaitMs), finish)
  undo.push(
    () => timer.cancel(),
    context.onClose(() => {
      finished = true
      for (const each of undo) each()
    }),
  )
  listen()
}

function isReady({ body, cluster, broker, version }: RequestContext<Request>): boolean {
  let bytes = 0
  const minBytes = Math.min(body.minBytes, body.maxBytes)
  for (const { topic, partitions } of body.topics) {
    for (const wanted of partitions) {
      const partition = cluster.topics.partition(topic, wanted.partition)
      if (partition === undefined || problemOf(partition, wanted, broker.id, version) !== null) return true
      bytes += partition.log.bytesFrom(wanted.fetchOffset, {
        limit: endOf(partition, body),
        bytesMax: Math.min(wanted.partitionMaxBytes, minBytes),
      })
      if (bytes >= minBytes) return true
    }
  }
  return body.topics.length === 0
}

/** Up to here a reader of this isolation level may read. */
function endOf({ log }: Partition, { isolationLevel }: Request): bigint {
  return isolationLevel === READ_COMMITTED ? log.lastStableOffset : log.highWatermark
}

function problemOf(
  { leader, log }: Partition,
  wanted: FetchPartition,
  broker: number,
  version: number,
): string | null {
  if (leader !== broker) return 'NOT_LEADER_OR_FOLLOWER'
  if (version >= 9 && wanted.currentLeaderEpoch >= 0) {
    if (wanted.currentLeaderEpoch < log.leaderEpoch) return 'FENCED_LEADER_EPOCH'
    if (wanted.currentLeaderEpoch > log.leaderEpoch) return 'UNKNOWN_LEADER_EPOCH'
  }
  const outside = wanted.fetchOffset < log.startOffset || wanted.fetchOffset > log.highWatermark
  return outside ? 'OFFSET_OUT_OF_RANGE' : null
}

function read(context: RequestContext<Request>): Body {
  const { body } = context
  const budget = { bytes: body.maxBytes, any: false }
  const responses = body.topics.map(({ topic, partitions }) => ({
    topic,
    partitions: partitions.map((wanted) => readPartition(context, topic, wanted, budget)),
  }))
  return { errorCode: 0, sessionId: 0, responses }
}

function readPartition(
  { cluster, broker, peer, body, version }: RequestContext<Request>,
  topic: string,
  wanted: FetchPartition,
  budget: { bytes: number; any: boolean },
): Body {
  const partition = cluster.topics.partition(topic, wanted.partition)
  if (partition === undefined) return failed(wanted.partition, 'UNKNOWN_TOPIC_OR_PARTITION')
  const problem = problemOf(partition, wanted, broker.id, version)
  if (problem !== null) return failed(wanted.partition, problem)
  const { log } = partition
  const { highWatermark, lastStableOffset, startOffset } = log
  const limit = endOf(partition, body)
  const bytesMax = Math.min(wanted.partitionMaxBytes, budget.bytes)
  const batches = log.read(wanted.fetchOffset, { limit, bytesMax, atLeastOne: !budget.any })
  const records = bytesOf(batches)
  if (batches.length > 0) {
    budget.any = true
    budget.bytes = Math.max(0, budget.bytes - records.length)
    const first = batches[0] as RecordBatch
    const last = batches.at(-1) as RecordBatch
    cluster.observe({
      kind: 'fetched',
      topic,
      partition: wanted.partition,
      fetchOffset: wanted.fetchOffset,
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
    partitionIndex: wanted.partition,
    errorCode: 0,
    highWatermark,
    lastStableOffset,
    logStartOffset: startOffset,
    abortedTransactions: body.isolationLevel === READ_COMMITTED ? [] : null,
    records,
  }
}

function bytesOf(batches: readonly RecordBatch[]): Buffer {
  if (batches.length === 0) return NOTHING
  const [only] = batches
  return batches.length === 1 && only !== undefined
    ? only.bytes
    : Buffer.concat(batches.map(({ bytes }) => bytes))
}
