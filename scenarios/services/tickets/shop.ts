import fastify from 'fastify'
import type { Redis } from 'ioredis'

export interface Sale {
  readonly seat: number
}

/** The seat of this order: the next free one, or the one that it has already. */
export async function sellSeat(redis: Redis, orderId: string): Promise<Sale> {
  await redis.watch('sold', 'seats')
  const [known, sold] = [await redis.hget('seats', orderId), await redis.get('sold')]
  if (known !== null) {
    await redis.unwatch()
    return { seat: Number(known) }
  }
  const seat = Number(sold ?? 0) + 1
  const done = await redis
    .multi()
    .set('sold', seat)
    .hset('seats', orderId, seat)
    .rpush('tickets', `seat-${seat}`)
    .exec()
  if (done === null) throw new Error('somebody else was faster')
  return { seat }
}

/** The shop's HTTP interface, on port 8080. */
export async function serveShop(sell: (orderId: string) => Promise<Sale>): Promise<void> {
  const app = fastify()
  app.post<{ Params: { orderId: string } }>('/orders/:orderId/seat', (request) =>
    sell(request.params.orderId),
  )
  process.once('SIGTERM', async () => {
    await app.close()
    process.exit(0)
  })
  await app.listen({ port: 8080, host: '0.0.0.0' })
}
