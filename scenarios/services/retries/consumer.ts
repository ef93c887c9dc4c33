import { type EachMessagePayload, Kafka, logLevel, type Producer } from 'kafkajs'
import { NOT_BEFORE, RUNGS } from './ladder.ts'

/** Waits until the message is due; false: it is to be left alone for now. */
export type WaitUntilDue = (payload: EachMessagePayload, leftMs: number) => Promise<boolean>

/** Reserves orders in the warehouse; those that fail go down the ladder, each rung a consumer. */
export async function consumeLadder(waitUntilDue: WaitUntilDue): Promise<void> {
  const kafka = new Kafka({
    clientId: 'warehouse',
    brokers: (process.env['KAFKA_BROKERS'] ?? '').split(','),
    logLevel: logLevel.NOTHING,
  })
  const producer = kafka.producer()
  await producer.connect()
  const consumers = RUNGS.map(({ topic }) => kafka.consumer({ groupId: `warehouse-${topic}` }))
  process.once('SIGTERM', async () => {
    await Promise.all(consumers.map((consumer) => consumer.disconnect()))
    await producer.disconnect()
    process.exit(0)
  })
  for (const [index, consumer] of consumers.entries()) {
    const rung = RUNGS[index] ?? RUNGS[0]
    consumer.on(consumer.events.CRASH, ({ payload }) => {
      if (!payload.restart) process.exit(1)
    })
    await consumer.connect()
    await consumer.subscribe({ topics: [rung.topic], fromBeginning: true })
    await consumer.run({
      eachMessage: async (payload) => {
        const leftMs = Number(payload.message.headers?.[NOT_BEFORE] ?? 0) - Date.now()
        if (leftMs > 0 && !(await waitUntilDue(payload, leftMs))) return
        const value = String(payload.message.value)
        await reserve(value).catch(() => goDown(producer, rung.next, payload))
      },
    })
  }
}

async function reserve(order: string): Promise<void> {
  const answer = await fetch(`${process.env['WAREHOUSE_URL']}/reservations`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: order,
    signal: AbortSignal.timeout(2_000),
  })
  if (!answer.ok) throw new Error(`the warehouse answered with ${answer.status}`)
  await answer.json()
}

async function goDown(producer: Producer, topic: string, { message }: EachMessagePayload): Promise<void> {
  const waitMs = RUNGS.find((rung) => rung.topic === topic)?.waitMs ?? 0
  const headers = { [NOT_BEFORE]: String(Date.now() + waitMs) }
  await producer.send({ topic, messages: [{ key: message.key, value: message.value, headers }] })
}
