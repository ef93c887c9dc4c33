import { Kafka, logLevel } from 'kafkajs'

/** One record as a row of `rows`. */
export interface RecordRow {
  readonly topic: string
  readonly part: number
  readonly off: string
}

/** A correct consumer around a driver: `save` writes one row in a transaction. */
export async function consume(
  save: (row: RecordRow) => Promise<unknown>,
  close: () => Promise<unknown>,
): Promise<void> {
  const kafka = new Kafka({ brokers: ['broker-0:9092'], logLevel: logLevel.NOTHING })
  const consumer = kafka.consumer({ groupId: 'rows' })
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    if (!payload.restart) process.exit(1)
  })
  process.once('SIGTERM', async () => {
    await consumer.disconnect()
    await close()
    process.exit(0)
  })
  await consumer.connect()
  await consumer.subscribe({ topics: ['work'], fromBeginning: true })
  await consumer.run({
    eachMessage: async ({ topic, partition, message }) => {
      await save({ topic, part: partition, off: message.offset })
    },
  })
}
