import type { SeenPartition } from '../topics/topic.interface.ts'
import type { AnswerDraft, ElementOf } from '../wire/index.ts'
import { type RequestContext, servedAtOnce } from './handler.ts'

/** A simulated broker has one log directory. */
const LOG_DIR = '/var/lib/kafka/data'

type LogDir = ElementOf<AnswerDraft<'DescribeLogDirs'>['results']>

/**
 * DescribeLogDirs (35), versions 0 to 4 (KIP-113): how large the logs are that this broker has.
 * Disks have no size.
 */
export const describeLogDirs = servedAtOnce('DescribeLogDirs')({
  min: 0,
  max: 4,
  apply: (context) => ({
    errorCode: 0,
    results: [{ errorCode: 0, logDir: LOG_DIR, topics: topicsOf(context) }],
  }),
  refuse: (_context, errorCode) => ({ errorCode, results: [] }),
})

function topicsOf({
  cluster,
  broker,
  body,
}: RequestContext<'DescribeLogDirs'>): NonNullable<LogDir['topics']> {
  return cluster.topics.list().flatMap(({ name, partitions }) => {
    const asked = body.topics?.find(({ topic }) => topic === name)?.partitions
    if (body.topics !== null && asked === undefined) return []
    const found = partitions.flatMap((partition, partitionIndex) => {
      const log = logAt(partition, broker.id)
      if (log === undefined || asked?.includes(partitionIndex) === false) return []
      const offsetLag = partition.log.highWatermark - log.endOffset
      return [
        {
          partitionIndex,
          partitionSize: sizeOf(log),
          offsetLag: offsetLag > 0n ? offsetLag : 0n,
          isFutureKey: false,
        },
      ]
    })
    return found.length === 0 ? [] : [{ name, partitions: found }]
  })
}

function sizeOf(log: SeenPartition['log']): bigint {
  const bytes = log.from(log.startOffset).reduce((sum, batch) => sum + batch.bytes.length, 0)
  return BigInt(bytes)
}

function logAt({ leader, log, replicas }: SeenPartition, broker: number): SeenPartition['log'] | undefined {
  if (replicas !== null) return replicas.logOf(broker)
  return leader === broker ? log : undefined
}
