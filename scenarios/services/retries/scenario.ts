import { atLeastOnce, defineScenario, type Scenario } from 'onceover'
import { http } from 'onceover/http'

interface Order {
  readonly orderId: string
}

/** A warehouse; an order that comes again has its shelf already. */
const warehouse = http(
  async (request, { kept }) => {
    const { orderId }: Order = JSON.parse(await request.text())
    const status = kept.has(orderId) ? 200 : 201
    kept.set(orderId, 'A1')
    return Response.json({ orderId, shelf: 'A1' }, { status })
  },
  { identity: ({ body }) => JSON.parse(body).orderId },
)

/** Orders that fail are tried again after five seconds, after twenty more, and then put aside. */
export function retriesScenario(name: string, module: string): Scenario {
  return defineScenario({
    name,
    topics: {
      orders: { partitions: 2 },
      'orders.retry.5s': { partitions: 1 },
      'orders.retry.20s': { partitions: 1 },
      'orders.dead': { partitions: 1 },
    },
    records: {
      orders: Array.from({ length: 6 }, (_, index) => ({
        key: `o-${index}`,
        value: JSON.stringify({ orderId: `o-${index}` }),
      })),
    },
    consumers: 2,
    app: { module },
    env: { KAFKA_BROKERS: 'broker-0:9092', WAREHOUSE_URL: 'http://warehouse' },
    services: { 'http://warehouse': warehouse },
    identity: ({ value }) => JSON.parse(value ?? '').orderId,
    effects: { from: 'warehouse', query: 'POST /reservations 201' },
    guarantee: atLeastOnce({ deadLetter: 'orders.dead' }),
  })
}
