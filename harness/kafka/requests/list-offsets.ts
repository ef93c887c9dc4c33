import type { SeenPartition } from '../topics/topic.interface.ts'
import type { AnswerDraft, ElementOf, RequestBody } from '../wire/index.ts'
import { code, type RequestContext, servedAtOnce } from './handler.ts'

type AskedOffset = RequestBody<'ListOffsets'>['topics'][number]['partitions'][number]
type ListedOffset = ElementOf<ElementOf<AnswerDraft<'ListOffsets'>['topics']>['partitions']>

interface OffsetAtTime {
  readonly timestamp: bigint
  readonly offset: bigint
  readonly leaderEpoch?: number
}

const LATEST = -1n
const EARLIEST = -2n
const MAX_TIMESTAMP = -3n
const EARLIEST_LOCAL = -4n
const LATEST_TIERED = -5n
const READ_COMMITTED = 1
const NOWHERE: OffsetAtTime = { timestamp: -1n, offset: -1n }

/** From which version on a request may ask for these. */
const SINCE: ReadonlyMap<bigint, number> = new Map([
  [LATEST, 0],
  [EARLIEST, 0],
  [MAX_TIMESTAMP, 7],
  [EARLIEST_LOCAL, 8],
  [LATEST_TIERED, 9],
])

/**
 * ListOffsets (2), versions 0 to 10. −1 is the end (the last stable offset under read_committed),
 * −2 and −4 the start, −3 the record with the latest timestamp (KIP-734), −5 the end of a tiered
 * storage that is not there; any other time gives the first record at or after it, or −1 (KAFKA.md
 * L12). The epoch of the end is the leader's, that of all else the one in which it was written.
 * Version 0 answers a list.
 */
export const listOffsets = servedAtOnce('ListOffsets')({
  min: 0,
  max: 10,
  apply: (context) => each(context, (topic, asked, twice) => find(context, topic, asked, twice)),
  refuse: (context, errorCode) => each(context, () => ({ errorCode, ...NOWHERE })),
})

function each(
  { body }: RequestContext<'ListOffsets'>,
  answer: (topic: string, asked: AskedOffset, twice: boolean) => ListedOffset,
): AnswerDraft<'ListOffsets'> {
  const topics = body.topics.map(({ name, partitions }) => {
    const indexes = partitions.map(({ partitionIndex }) => partitionIndex)
    const isFirst = ({ partitionIndex }: AskedOffset, at: number): boolean =>
      indexes.indexOf(partitionIndex) === at
    return {
      name,
      partitions: partitions.filter(isFirst).map((asked) => ({
        partitionIndex: asked.partitionIndex,
        ...answer(name, asked, indexes.filter((index) => index === asked.partitionIndex).length > 1),
      })),
    }
  })
  return { topics }
}

function find(
  { cluster, broker, body, version }: RequestContext<'ListOffsets'>,
  topic: string,
  { partitionIndex, currentLeaderEpoch, timestamp }: AskedOffset,
  twice: boolean,
): ListedOffset {
  const failed = (error: string): ListedOffset => ({ errorCode: code(error), ...NOWHERE })
  if (twice && version > 0) return failed('INVALID_REQUEST')
  if (timestamp < 0n && version > 0 && (SINCE.get(timestamp) ?? Number.POSITIVE_INFINITY) > version)
    return failed('UNSUPPORTED_VERSION')
  const partition = cluster.topics.partition(topic, partitionIndex)
  if (partition === undefined) return failed('UNKNOWN_TOPIC_OR_PARTITION')
  if (partition.leader !== broker.id) return failed('NOT_LEADER_OR_FOLLOWER')
  if (version >= 4 && currentLeaderEpoch >= 0) {
    if (currentLeaderEpoch < partition.log.leaderEpoch) return failed('FENCED_LEADER_EPOCH')
    if (currentLeaderEpoch > partition.log.leaderEpoch) return failed('UNKNOWN_LEADER_EPOCH')
  }
  const lags = partition.replicas?.watermarkLags === true
  const notYet = version >= 5 ? 'OFFSET_NOT_AVAILABLE' : 'LEADER_NOT_AVAILABLE'
  if (lags && timestamp === LATEST) return failed(notYet)
  const found = lookUp(partition, timestamp, body.isolationLevel)
  if (lags && timestamp >= 0n && found.offset < 0n) return failed(notYet)
  if (version === 0) return { errorCode: 0, oldStyleOffsets: found.offset < 0n ? [] : [found.offset] }
  return { errorCode: 0, ...found }
}

function lookUp({ log }: SeenPartition, timestamp: bigint, isolationLevel: number): OffsetAtTime {
  const end = isolationLevel === READ_COMMITTED ? log.lastStableOffset : log.highWatermark
  switch (timestamp) {
    case LATEST:
      return { timestamp: -1n, offset: end, leaderEpoch: log.leaderEpoch }
    case EARLIEST:
    case EARLIEST_LOCAL:
      return { timestamp: -1n, offset: log.startOffset, leaderEpoch: log.epochAt(log.startOffset) }
    case LATEST_TIERED:
      return NOWHERE
    default: {
      const record = timestamp === MAX_TIMESTAMP ? log.latestRecord() : log.offsetForTimestamp(timestamp)
      // Never answer an offset at which a fetch returns nothing.
      if (record === null || record.offset >= end) return NOWHERE
      return { timestamp: record.timestamp, offset: record.offset, leaderEpoch: log.epochAt(record.offset) }
    }
  }
}
