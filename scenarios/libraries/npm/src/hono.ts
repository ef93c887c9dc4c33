import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import type { AppContext } from 'onceover'
import { consume, effectOf } from './consume.ts'

export default async (context: AppContext) => {
  const app = new Hono()
  app.get('/health', (c) => c.text('ok'))
  serve({ fetch: app.fetch, port: 8080 })
  await consume(context, (payload) => effectOf(context, payload))
}
