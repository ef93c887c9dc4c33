import express from 'express'
import type { AppContext } from 'onceover'
import { consume, effectOf } from './consume.ts'

export default async (context: AppContext) => {
  const app = express()
  app.get('/health', (_request, response) => response.send('ok'))
  await new Promise<void>((resolve) => app.listen(8080, () => resolve()))
  await consume(context, (payload) => effectOf(context, payload))
}
