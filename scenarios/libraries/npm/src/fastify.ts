import Fastify from 'fastify'
import type { AppContext } from 'onceover'
import { consume, effectOf } from './consume.ts'

export default async (context: AppContext) => {
  const app = Fastify({ logger: true })
  app.get('/health', async () => ({ ok: true }))
  await app.listen({ port: 8080 })
  await consume(context, async (payload) => {
    app.log.info({ offset: payload.message.offset }, 'an order')
    await effectOf(context, payload)
  })
}
