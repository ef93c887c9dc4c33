import { Redis } from 'ioredis'
import { Kafka, logLevel } from 'kafkajs'

/** Gives points for each order, and remembers for `rememberedS` seconds that it did. */
export async function givePoints(rememberedS: number): Promise<void> {
  const { KAFKA_BROKERS = '', REDIS_URL = '' } = process.env
  const redis = new Redis(REDIS_URL)
  redis.on('error', () => {})
  const kafka = new Kafka({
    clientId: 'points',
    brokers: KAFKA_BROKERS.split(','),
    logLevel: logLevel.NOTHING,
  })
  const consumer = kafka.consumer({ groupId: 'points' })
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    if (!payload.restart) process.exit(1)
  })
  process.once('SIGTERM', async () => {
    await consumer.disconnect()
    redis.disconnect()
    process.exit(0)
  })
  await consumer.connect()
  await consumer.subscribe({ topics: ['orders'], fromBeginning: true })
  await consumer.run({
    eachMessage: async ({ message }) => {
      const { orderId } = JSON.parse(String(message.value)) as { readonly orderId: string }
      await once(redis, orderId, rememberedS)
    },
  })
}

/** Both are written, or neither: where another process was faster, the transaction does nothing. */
async function once(redis: Redis, orderId: string, rememberedS: number): Promise<void> {
  const seen = `seen:${orderId}`
  await redis.watch(seen)
  if ((await redis.get(seen)) !== null) {
    await redis.unwatch()
    return
  }
  const done = await redis.multi().set(seen, '1', 'EX', rememberedS).rpush('points', orderId).exec()
  if (done === null) throw new Error(`${orderId} was given by another process meanwhile`)
}
