import { type Consumer, Kafka, logLevel } from 'kafkajs'

const kafka = new Kafka({
  clientId: process.env['HOSTNAME'] ?? 'saga',
  brokers: (process.env['KAFKA_BROKERS'] ?? '').split(','),
  logLevel: logLevel.NOTHING,
})

export interface Step {
  readonly group: string
  readonly topic: string
  handle(message: string): Promise<void>
  close(): Promise<void>
}

/** Handles a topic, message by message; ends when asked to, and when the client gave up. */
export async function consume({ group, topic, handle, close }: Step): Promise<void> {
  const consumer: Consumer = kafka.consumer({ groupId: group })
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    if (!payload.restart) process.exit(1)
  })
  process.once('SIGTERM', async () => {
    await consumer.disconnect()
    await close()
    process.exit(0)
  })
  await consumer.connect()
  await consumer.subscribe({ topics: [topic], fromBeginning: true })
  await consumer.run({ eachMessage: ({ message }) => handle(String(message.value)) })
}

/** A producer whose messages are in all replicas when `send` is done. */
export async function connectProducer(): Promise<{
  send(topic: string, key: string, value: string): Promise<void>
  close(): Promise<void>
}> {
  const producer = kafka.producer()
  await producer.connect()
  return {
    async send(topic, key, value) {
      await producer.send({ topic, messages: [{ key, value }] })
    },
    close: () => producer.disconnect(),
  }
}
