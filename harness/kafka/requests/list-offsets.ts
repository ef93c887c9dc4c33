import type { PartitionLog } from '../log/partition-log.ts'
import type { Body } from '../wire/index.ts'
import { answerNow, code, type RequestContext, type Served } from './handler.ts'

interface Request {
  readonly isolationLevel: number
  readonly topics: readonly {
    readonly name: string
    readonly partitions: readonly { readonly partitionIndex: number; readonly timestamp: bigint }[]
  }[]
}

const LATEST = -1n
const EARLIEST = -2n
const MAX_TIMESTAMP = -3n
const READ_COMMITTED = 1

/**
 * ListOffsets (2), versions 0 to 5. −1 is the end (the last stable offset under read_committed), −2 the start; any
 * other time gives the first record at or after it, or −1 (KAFKA.md L12). Version 0 answers a list.
 */
export const listOffsets: Served = {
  key: 2,
  min: 0,
  max: 5,
  handler: answerNow<Request>(
    (context) => each(context, (topic, partition, timestamp) => find(context, topic, partition, timestamp)),
    (context, errorCode) => each(context, () => ({ errorCode, timestamp: -1n, offset: -1n })),
  ),
}

function each(
  { body }: RequestContext<Request>,
  answer: (topic: string, partition: number, timestamp: bigint) => Body,
): Body {
  const topics = body.topics.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map(({ partitionIndex, timestamp }) => ({
      partitionIndex,
      ...answer(name, partitionIndex, timestamp),
    })),
  }))
  return { topics }
}

function find(
  { cluster, broker, body, version }: RequestContext<Request>,
  topic: string,
  index: number,
  timestamp: bigint,
): Body {
  const partition = cluster.topics.partition(topic, index)
  if (partition === undefined)
    return { errorCode: code('UNKNOWN_TOPIC_OR_PARTITION'), timestamp: -1n, offset: -1n }
  if (partition.leader !== broker.id)
    return { errorCode: code('NOT_LEADER_OR_FOLLOWER'), timestamp: -1n, offset: -1n }
  const found = lookUp(partition.log, timestamp, body.isolationLevel)
  if (version === 0) return { errorCode: 0, oldStyleOffsets: found.offset < 0n ? [] : [found.offset] }
  return { errorCode: 0, leaderEpoch: partition.log.leaderEpoch, ...found }
}

function lookUp(
  log: PartitionLog,
  timestamp: bigint,
  isolationLevel: number,
): { timestamp: bigint; offset: bigint } {
  if (timestamp === LATEST) {
    return {
      timestamp: -1n,
      offset: isolationLevel === READ_COMMITTED ? log.lastStableOffset : log.highWatermark,
    }
  }
  if (timestamp === EARLIEST) return { timestamp: -1n, offset: log.startOffset }
  if (timestamp === MAX_TIMESTAMP) return { timestamp: -1n, offset: -1n }
  const record = log.offsetForTimestamp(timestamp)
  return record === null
    ? { timestamp: -1n, offset: -1n }
    : { timestamp: record.timestamp, offset: record.offset }
}
