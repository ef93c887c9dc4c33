import type { AppContext } from 'onceover'
import { Counter, collectDefaultMetrics, Histogram, register } from 'prom-client'
import { consume, effectOf } from './consume.ts'

collectDefaultMetrics()
const done = new Counter({ name: 'orders_total', help: 'orders' })
const took = new Histogram({ name: 'orders_seconds', help: 'how long an order takes' })

export default (context: AppContext) =>
  consume(context, async (payload) => {
    const end = took.startTimer()
    await effectOf(context, payload)
    end()
    done.inc()
    await register.metrics()
  })
