import { Redis } from 'ioredis'
import { sellSeat, serveShop } from './shop.ts'

const idle: Redis[] = []

/** A connection that no other request uses meanwhile: what it watches is its own. */
await serveShop(async (orderId) => {
  const redis = idle.pop() ?? new Redis(process.env['REDIS_URL'] ?? '')
  redis.on('error', () => {})
  try {
    const sale = await sellSeat(redis, orderId)
    idle.push(redis)
    return sale
  } catch (error) {
    redis.disconnect()
    throw error
  }
})
