import type { AppContext } from 'onceover'
import { Consumer } from 'onceover/poll-loop'
import { nextOf, ordersScenario, save, sleep } from '../../poll-loop/orders.ts'
import { startPollLoop } from '../../poll-loop/service.ts'

const OLD_FIRST_OFFSET = 100n
const OLD = { topic: 'orders', partition: 0 }
const records = Array.from({ length: 10 }, (_, index) => ({ value: `order ${index}`, partition: 0 }))

/**
 * A topic whose log begins at offset 100, and its copy, which begins at 0 as a mirror's would on a
 * new cluster. A service has done the first five records of the topic; another goes on in the copy,
 * where `begin` says.
 */
export function movesTo(
  name: string,
  begin: (committed: bigint) => bigint,
  policy: 'earliest' | 'latest' = 'earliest',
) {
  return ordersScenario(name, {
    otherTopics: {
      orders: { partitions: 1, startOffset: OLD_FIRST_OFFSET },
      copied: { partitions: 1 },
    },
    records,
    otherRecords: { copied: records },
    settings: { 'max.poll.records': 1 },
    handle: async (polled, consumer, context) => {
      for (const record of polled) {
        await save(context, record)
        await consumer.commitSync(nextOf(record))
        if (record.offset === OLD_FIRST_OFFSET + 4n) consumer.pause([OLD])
      }
    },
    beside: async (context) => {
      await sleep(30_000)
      const committed = await committedBefore(context)
      await startPollLoop(context, {
        group: 'orders-on-the-new-cluster',
        topics: ['copied'],
        settings: { 'auto.offset.reset': policy },
        listener: (consumer) => ({
          assigned: (partitions) => {
            for (const at of partitions) consumer.seek(at, begin(committed))
          },
        }),
        handle: async (polled, consumer) => {
          for (const record of polled) await save(context, record)
          if (!polled.isEmpty) await consumer.commitSync()
        },
      })
    },
  })
}

export function translated(committed: bigint): bigint {
  return committed - OLD_FIRST_OFFSET
}

async function committedBefore({ brokers }: AppContext): Promise<bigint> {
  const consumer = new Consumer({ 'bootstrap.servers': brokers, 'group.id': 'orders' })
  const [committed] = await consumer.committed([OLD])
  await consumer.close()
  return committed?.offset ?? 0n
}
