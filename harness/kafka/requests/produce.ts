import { partitionName } from '../../core/names.ts'
import { recordProblem } from '../log/record-rules.ts'
import { tellAppends } from '../topics/tell-appends.ts'
import type { SeenPartition, SeenReplicas } from '../topics/topic.interface.ts'
import type { ProducerIdentity, TransactionPartition } from '../txn/transaction.ts'
import {
  type AnswerDraft,
  decodeRecords,
  type ElementOf,
  type RecordBatch,
  type RequestBody,
  readBatches,
  stampBatch,
  transactionalProducer,
  WireError,
} from '../wire/index.ts'
import { type ClientContext, code, type RequestContext, served } from './handler.ts'
import { joinTransaction, type RefusalOf } from './join-transaction.ts'

const ZSTD = 4
const ZSTD_FROM = 7
const LEADER_HINT_FROM = 10
const ABORTABLE_FROM = 11
const IMPLICIT_FROM = 12
const IDS_FROM = 13

type TopicResponse = ElementOf<AnswerDraft<'Produce'>['responses']>
type PartitionResponse = ElementOf<TopicResponse['partitionResponses']>
/** The answer for one partition. */
type ProduceResult = Omit<PartitionResponse, 'index'> &
  Required<Pick<PartitionResponse, 'errorCode' | 'baseOffset'>>

/**
 * Produce (0), versions 3 to 13. acks 0 has no answer, and an error closes the connection (KAFKA.md
 * T2); acks −1 waits for the in-sync replicas (L1), with one copy of everything for none.
 * Idempotent producers: I1 to I5. Formats before 2 are refused, and zstd before version 7
 * (KIP-110). From version 10 on it says where the leader is (KIP-951), from 11 on it knows
 * TRANSACTION_ABORTABLE, and from 12 on a partition joins the transaction by itself (KIP-890, X9);
 * from 13 on topics go by their ids (KIP-516).
 */
export const produce = served('Produce')({
  min: 3,
  max: 13,
  handler: (context) => ({
    apply: (answer) =>
      whenJoined(context, (refusalOf) => {
        const written: WrittenPartition[] = []
        const body = answerEach(context, (topic, partition, records) =>
          append(context, { topic, index: partition, written, refusalOf }, records),
        )
        if (written.length === 0) answer(body)
        else awaitReplicas(context, written, (failures) => answer(withFailures(body, failures)))
      }),
    refuse: (error) => refusal(context, code(error)),
    silent: context.body.acks === 0,
  }),
})

function answerEach(
  { body, cluster, version }: RequestContext<'Produce'>,
  each: (topic: string, partition: number, records: Buffer | null) => ProduceResult,
): ProduceAnswer {
  const unknownId = { errorCode: code('UNKNOWN_TOPIC_ID'), baseOffset: -1n }
  const responses = body.topicData.map(({ name: given, topicId, partitionData }) => {
    const name = version < IDS_FROM ? given : cluster.topics.byId(topicId)?.name
    return {
      name: name ?? '',
      topicId,
      partitionResponses: partitionData.map(({ index, records }) => ({
        index,
        logAppendTimeMs: -1n,
        logStartOffset: -1n,
        ...(name === undefined ? unknownId : each(name, index, records)),
      })),
    }
  })
  return { responses, ...leaderHints(cluster, responses) }
}

/** Told by the request alone: the topic and the leader need not be known. */
function refusal({ body }: RequestContext<'Produce'>, errorCode: number): AnswerDraft<'Produce'> {
  const told = { errorCode, baseOffset: -1n, logAppendTimeMs: -1n, logStartOffset: -1n }
  return {
    responses: body.topicData.map(({ name, topicId, partitionData }) => ({
      name,
      topicId,
      partitionResponses: partitionData.map(({ index }) => ({ index, ...told })),
    })),
  }
}

interface ProduceAnswer extends AnswerDraft<'Produce'> {
  readonly responses: readonly {
    readonly name: string
    readonly topicId: string
    readonly partitionResponses: readonly (ProduceResult & { readonly index: number })[]
  }[]
}

/** Where the leaders are of partitions that moved. */
function leaderHints(
  { liveBrokers }: ClientContext['cluster'],
  responses: ProduceAnswer['responses'],
): Pick<AnswerDraft<'Produce'>, 'nodeEndpoints'> {
  const leaders = new Set<unknown>()
  for (const { partitionResponses } of responses) {
    for (const { currentLeader } of partitionResponses)
      if (currentLeader !== undefined) leaders.add(currentLeader.leaderId)
  }
  if (leaders.size === 0) return {}
  const known = liveBrokers.filter(({ id }) => leaders.has(id))
  return { nodeEndpoints: known.map(({ id, host, port }) => ({ nodeId: id, host, port, rack: null })) }
}

/** A partition whose replicas the answer waits for. */
interface WrittenPartition {
  readonly topic: string
  readonly index: number
  readonly replicas: SeenReplicas
  /** After its last record. */
  readonly end: bigint
}

/** Errors, by topic and partition, of writes that nevertheless stay in the leader's log. */
type Failures = ReadonlyMap<string, string>

const keyOf = (topic: string, partition: number): string => partitionName({ topic, partition })

function awaitReplicas(
  { body, cluster, onClose }: RequestContext<'Produce'>,
  written: readonly WrittenPartition[],
  answer: (failures: Failures) => void,
): void {
  const failures = new Map(written.map(({ topic, index }) => [keyOf(topic, index), 'REQUEST_TIMED_OUT']))
  let left = written.length
  const undo: (() => void)[] = []
  const stop = (): void => {
    for (const each of undo.splice(0)) each()
  }
  const finish = (): void => {
    stop()
    answer(failures)
  }
  const timer = cluster.clock.after(Math.max(0, body.timeoutMs), finish)
  undo.push(() => timer.cancel(), onClose(stop))
  for (const { topic, index, replicas, end } of written) {
    const forget = replicas.whenReplicated(end, (error) => {
      if (error === null) failures.delete(keyOf(topic, index))
      else failures.set(keyOf(topic, index), error)
      left -= 1
      if (left === 0) finish()
    })
    if (left > 0) undo.push(forget)
  }
}

function withFailures(body: ProduceAnswer, failures: Failures): ProduceAnswer {
  if (failures.size === 0) return body
  const responses = body.responses.map((response) => ({
    ...response,
    partitionResponses: response.partitionResponses.map((each) => {
      const error = failures.get(keyOf(response.name, each.index))
      return error === undefined ? each : { ...each, errorCode: code(error) }
    }),
  }))
  return { ...body, responses }
}

function append(
  context: RequestContext<'Produce'>,
  {
    topic,
    index,
    written,
    refusalOf,
  }: { topic: string; index: number; written: WrittenPartition[]; refusalOf: RefusalOf },
  records: Buffer | null,
): ProduceResult {
  const failed = (error: string): ProduceResult => ({ errorCode: code(error), baseOffset: -1n })
  const { acks } = context.body
  if (acks !== 0 && acks !== 1 && acks !== -1) return failed('INVALID_REQUIRED_ACKS')
  const partition = context.cluster.topics.partition(topic, index)
  if (partition === undefined) return failed('UNKNOWN_TOPIC_OR_PARTITION')
  // Kafka's own tools may write to internal topics (`__admin_client`); here nobody may.
  if (context.cluster.topics.get(topic)?.isInternal) return failed('INVALID_TOPIC_EXCEPTION')
  if (partition.leader !== context.broker.id) {
    const refused = failed('NOT_LEADER_OR_FOLLOWER')
    if (context.version < LEADER_HINT_FROM) return refused
    const { leader, leaderEpoch } = partition
    return { ...refused, currentLeader: { leaderId: leader ?? -1, leaderEpoch } }
  }
  if (records === null) return failed('INVALID_RECORD')
  const { replicas } = partition
  if (acks === -1 && replicas?.tooFew) return failed('NOT_ENOUGH_REPLICAS')
  try {
    const [batch, ...more] = readBatches(records)
    // From version 3 on a request holds exactly one batch for each partition.
    if (batch === undefined || more.length > 0) return failed('INVALID_RECORD')
    if (batch.compression === ZSTD && context.version < ZSTD_FROM)
      return failed('UNSUPPORTED_COMPRESSION_TYPE')
    const found = appendBatch(context, { topic, index, partition, refusalOf }, batch)
    if (acks === -1 && replicas !== null && found.errorCode === 0) {
      const end = found.baseOffset + BigInt(batch.recordCount)
      written.push({ topic, index, replicas, end })
    }
    return found
  } catch (error) {
    if (!(error instanceof WireError)) throw error
    if (error.reason === 'unsupported-compression') return failed('UNSUPPORTED_COMPRESSION_TYPE')
    return failed(error.reason === 'corrupt' ? 'CORRUPT_MESSAGE' : 'INVALID_RECORD')
  }
}

interface ProducedPartition {
  readonly topic: string
  readonly index: number
  readonly partition: SeenPartition
  readonly refusalOf: RefusalOf
}

/** LogValidator's conditions on a client's batch. */
function isWellFormed({ baseOffset, lastOffset, recordCount, control, ...batch }: RecordBatch): boolean {
  const countsAgree = recordCount > 0 && lastOffset - baseOffset + 1n === BigInt(recordCount)
  return countsAgree && !control && (batch.producerId < 0n || batch.baseSequence >= 0)
}

const NO_REFUSAL: RefusalOf = () => null

/**
 * Before the first batch of a transaction the leader asks its coordinator whether there is one
 * (KIP-890).
 */
function whenJoined(
  { cluster, broker, body, version, peer }: RequestContext<'Produce'>,
  joined: (refusalOf: RefusalOf) => void,
): void {
  const { transactionalId } = body
  if (transactionalId === null) return joined(NO_REFUSAL)
  let producer: ProducerIdentity | null = null
  const partitions: TransactionPartition[] = []
  for (const { name, topicId, partitionData } of body.topicData) {
    const topic = version < IDS_FROM ? name : (cluster.topics.byId(topicId)?.name ?? '')
    for (const { index, records } of partitionData) {
      const partition = cluster.topics.partition(topic, index)
      const by = records === null ? null : transactionalProducer(records)
      if (by === null || partition?.leader !== broker.id || isOpen(partition, by)) continue
      producer ??= by
      partitions.push({ topic, partition: index })
    }
  }
  if (producer === null) return joined(NO_REFUSAL)
  joinTransaction(
    cluster,
    { ...(producer as ProducerIdentity), transactionalId, process: peer.process },
    {
      partitions,
      adds: version >= IMPLICIT_FROM,
      knowsAbortable: version >= ABORTABLE_FROM,
      waits: true,
    },
    joined,
  )
}

function isOpen({ log, producers }: SeenPartition, { producerId, producerEpoch }: ProducerIdentity): boolean {
  return log.transactions.openSince(producerId) !== null && producers.epochOf(producerId) === producerEpoch
}

function transactionRefusal(
  { transactionalId }: RequestBody<'Produce'>,
  { topic, index, partition, refusalOf }: ProducedPartition,
  batch: RecordBatch,
): string | null {
  if (transactionalId === null) return 'TRANSACTIONAL_ID_AUTHORIZATION_FAILED'
  return isOpen(partition, batch) ? null : refusalOf({ topic, partition: index })
}

function appendBatch(
  context: RequestContext<'Produce'>,
  place: ProducedPartition,
  batch: RecordBatch,
): ProduceResult {
  const { topic, index, partition } = place
  const { cluster, peer } = context
  const { log, producers } = partition
  const config = cluster.topics.get(topic)?.configs.log
  if (config === undefined) return { errorCode: code('UNKNOWN_TOPIC_OR_PARTITION'), baseOffset: -1n }
  if (batch.bytes.length > config.messageBytesMax)
    return { errorCode: code('MESSAGE_TOO_LARGE'), baseOffset: -1n }
  if (!isWellFormed(batch)) return { errorCode: code('INVALID_RECORD'), baseOffset: -1n }
  if (batch.transactional) {
    const refusal = transactionRefusal(context.body, place, batch)
    if (refusal !== null) return { errorCode: code(refusal), baseOffset: -1n }
  } else if (batch.producerId >= 0n && log.transactions.openSince(batch.producerId) !== null) {
    return { errorCode: code('INVALID_TXN_STATE'), baseOffset: -1n }
  }
  const check = producers.check(batch)
  if (check.kind === 'error') return { errorCode: code(check.error), baseOffset: -1n }
  if (check.kind === 'duplicate')
    return { errorCode: 0, baseOffset: check.baseOffset, logStartOffset: log.startOffset }
  const records = decodeRecords(batch)
  const nowMs = cluster.clock.nowMs()
  const problem = recordProblem(records, config, nowMs)
  if (problem !== null) return { errorCode: code(problem), baseOffset: -1n, logStartOffset: log.startOffset }
  const stored = log.append(config.logAppendTime ? stampBatch(batch, BigInt(nowMs)) : batch)
  producers.appended(stored)
  const placed = records.map(({ key, value }, position) => ({
    offset: stored.baseOffset + BigInt(position),
    key,
    value,
  }))
  tellAppends(cluster, { topic, partition: index }, placed, { process: peer.process, batch: stored })
  log.wake()
  return {
    errorCode: 0,
    baseOffset: stored.baseOffset,
    logAppendTimeMs: config.logAppendTime ? stored.maxTimestamp : -1n,
    logStartOffset: log.startOffset,
  }
}
