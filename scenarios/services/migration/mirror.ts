import type { AppContext } from 'onceover'
import { clientOf, orderOf, TOPIC } from './moving.ts'

/** Copies all orders but those of tests, and notes where each of them is in the other cluster. */
export default async function mirror(context: AppContext): Promise<void> {
  const { effects, store } = context
  const consumer = clientOf(context, 'a').consumer({ groupId: 'mirror' })
  const producer = clientOf(context, 'b').producer()
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    if (!payload.restart) process.exit(1)
  })
  process.once('SIGTERM', async () => {
    await consumer.disconnect()
    await producer.disconnect()
    process.exit(0)
  })
  await producer.connect()
  await consumer.connect()
  await consumer.subscribe({ topics: [TOPIC], fromBeginning: true })
  await consumer.run({
    eachMessage: async ({ topic, partition, message: { key, value, offset } }) => {
      if (orderOf(value).test) return effects.skip({ topic, partition, offset }, 'a test')
      const [copy] = await producer.send({ topic, messages: [{ key, value }] })
      await store.transaction((tx) => tx.put('syncs', offset, Number(copy?.baseOffset)))
    },
  })
}
