import { type EachBatchPayload, Kafka, logLevel, type Producer } from 'kafkajs'

/** Copies records of the topic `orders` from one cluster to the other. */
export async function mirror(
  copy: (payload: EachBatchPayload, producer: Producer) => Promise<void>,
): Promise<void> {
  const clientOf = (brokers = ''): Kafka =>
    new Kafka({ clientId: 'mirror', brokers: brokers.split(','), logLevel: logLevel.NOTHING })
  const consumer = clientOf(process.env['SOURCE_BROKERS']).consumer({ groupId: 'mirror' })
  const producer = clientOf(process.env['TARGET_BROKERS']).producer()
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    if (!payload.restart) process.exit(1)
  })
  process.once('SIGTERM', async () => {
    await consumer.disconnect()
    await producer.disconnect()
    process.exit(0)
  })
  await producer.connect()
  await consumer.connect()
  await consumer.subscribe({ topics: ['orders'], fromBeginning: true })
  await consumer.run({
    eachBatchAutoResolve: false,
    autoCommit: false,
    eachBatch: (payload) => copy(payload, producer),
  })
}

/** The batch as it is to be written to the other cluster. */
export function copies({ batch }: EachBatchPayload) {
  const { topic, messages } = batch
  return {
    topic,
    messages: messages.map(({ key, value, headers }) => ({ key, value, ...(headers && { headers }) })),
  }
}
