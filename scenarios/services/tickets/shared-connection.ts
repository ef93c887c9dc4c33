import { Redis } from 'ioredis'
import { sellSeat, serveShop } from './shop.ts'

/**
 * One connection for all requests: the EXEC of one ends the WATCH of all others, so that theirs go
 * through whatever has changed.
 */
const redis = new Redis(process.env['REDIS_URL'] ?? '')
redis.on('error', () => {})

await serveShop((orderId) => sellSeat(redis, orderId))
