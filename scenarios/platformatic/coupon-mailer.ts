import type { AppContext } from 'onceover'
import type { TextConsumer, TextMessage } from './messages.ts'
import { startStreamService } from './service.ts'

/**
 * Commits, then mails. What the client read in an older generation is dropped before that and
 * after: the partition may have been another's in between, and the commit goes out with the
 * generation of the moment.
 */
export function couponMailer(context: AppContext, committed: (offset: bigint) => bigint): Promise<void> {
  return startStreamService(context, {
    group: 'mailer',
    topics: ['coupons'],
    handle: async (message, consumer) => {
      if (!isCurrent(message, consumer)) return
      const { topic, partition, leaderEpoch } = message
      await consumer.commit({
        offsets: [{ topic, partition, offset: committed(message.offset), leaderEpoch }],
      })
      if (!isCurrent(message, consumer)) return
      await context.effects.record(message, 'mailed').catch(() => {})
    },
  })
}

function isCurrent({ topic, partition, metadata }: TextMessage, consumer: TextConsumer): boolean {
  const { memberId, generationId } = metadata['consumer'] as { memberId: string; generationId: number }
  const owned = consumer.assignments?.find((each) => each.topic === topic)?.partitions.includes(partition)
  return owned === true && memberId === consumer.memberId && generationId === consumer.generationId
}
