import { defineScenario, exactlyOnce, type Scenario } from 'onceover'
import { http } from 'onceover/http'
import type { PaidOrder } from './consumer.ts'

/** A payment service as Stripe's: a key that it knows gets the answer that it got before. */
const payments = http(
  async (request, { kept }) => {
    const key = request.headers.get('idempotency-key') ?? ''
    const before = kept.get(key)
    if (before !== undefined) return Response.json(before, { status: 200 })
    const { orderId, amount } = (await request.json()) as PaidOrder
    const charge = { id: `ch-${kept.size}`, orderId, amount }
    kept.set(key, charge)
    return Response.json(charge, { status: 201 })
  },
  { identity: ({ body }) => (JSON.parse(body) as PaidOrder).orderId },
)

/** Orders that are charged over HTTP, each once, judged by the charges that were made. */
export function paymentsScenario(name: string, module: string): Scenario {
  return defineScenario({
    name,
    topics: { orders: { partitions: 2 } },
    records: {
      orders: Array.from({ length: 8 }, (_, index) => ({
        value: JSON.stringify({ orderId: `o-${index}`, amount: 100 + index }),
      })),
    },
    consumers: 2,
    app: { module },
    env: { KAFKA_BROKERS: 'broker-0:9092', PAYMENTS_URL: 'https://payments.example' },
    services: { 'https://payments.example': payments },
    identity: ({ value }) => (JSON.parse(value ?? '') as PaidOrder).orderId,
    effects: { from: 'payments.example', query: 'POST /charges 201' },
    guarantee: exactlyOnce(),
  })
}
