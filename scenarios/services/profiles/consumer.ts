import { Kafka, logLevel } from 'kafkajs'
import pg from 'pg'

export interface AddressChange {
  readonly customer: string
  readonly address: string
  readonly version: number
}

/** Keeps the address of each customer as the topic has it, by this statement. */
export async function keepProfiles(upsert: string): Promise<void> {
  const { KAFKA_BROKERS = '', DATABASE_URL } = process.env
  const pool = new pg.Pool({ connectionString: DATABASE_URL, max: 4 })
  pool.on('error', () => {})
  const kafka = new Kafka({
    clientId: 'profiles',
    brokers: KAFKA_BROKERS.split(','),
    logLevel: logLevel.NOTHING,
  })
  const consumer = kafka.consumer({ groupId: 'profiles' })
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    if (!payload.restart) process.exit(1)
  })
  process.once('SIGTERM', async () => {
    await consumer.disconnect()
    await pool.end()
    process.exit(0)
  })
  await consumer.connect()
  await consumer.subscribe({ topics: ['address-changes'], fromBeginning: true })
  await consumer.run({
    eachMessage: async ({ message }) => {
      const { customer, address, version }: AddressChange = JSON.parse(String(message.value))
      await pool.query(upsert, [customer, address, version])
    },
  })
}
