import { connectProducer, consume } from './kafka.ts'

interface PlacedOrder {
  readonly orderId: string
  readonly amount: number
}

/** The highest amount that the bank lets through. */
const LIMIT = 100

const producer = await connectProducer()

/** The second step: says of each order whether it is paid, the same however often it is asked. */
await consume({
  group: 'payments',
  topic: 'orders',
  async handle(message) {
    const { orderId, amount }: PlacedOrder = JSON.parse(message)
    const paid = amount <= LIMIT
    await producer.send('payment-results', orderId, JSON.stringify({ orderId, paid }))
  },
  close: () => producer.close(),
})
