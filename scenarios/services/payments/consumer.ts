import { Kafka, logLevel } from 'kafkajs'

export interface PaidOrder {
  readonly orderId: string
  readonly amount: number
}

/** Charges each order of the topic; ends when asked to, and when its client gave up. */
export async function consumeOrders(charge: (order: PaidOrder) => Promise<void>): Promise<void> {
  const { KAFKA_BROKERS = '' } = process.env
  const kafka = new Kafka({
    clientId: 'payments',
    brokers: KAFKA_BROKERS.split(','),
    logLevel: logLevel.NOTHING,
  })
  const consumer = kafka.consumer({ groupId: 'payments' })
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    if (!payload.restart) process.exit(1)
  })
  process.once('SIGTERM', async () => {
    await consumer.disconnect()
    process.exit(0)
  })
  await consumer.connect()
  await consumer.subscribe({ topics: ['orders'], fromBeginning: true })
  await consumer.run({
    eachMessage: async ({ message }) => {
      await charge(JSON.parse(String(message.value)) as PaidOrder)
    },
  })
}

/** One call of the payment service; kafkajs gives an order again whose charge failed. */
export async function postCharge(order: PaidOrder, idempotencyKey: string): Promise<void> {
  const answer = await fetch(`${process.env['PAYMENTS_URL']}/charges`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': idempotencyKey },
    body: JSON.stringify(order),
    signal: AbortSignal.timeout(10_000),
  })
  if (!answer.ok) throw new Error(`the charge of ${order.orderId} was answered with ${answer.status}`)
  await answer.json()
}
