import { setTimeout } from 'node:timers/promises'
import { Kafka, logLevel, type Producer } from 'kafkajs'
import pg from 'pg'

const POLL_MS = 1_000

/** Empties the outbox, a few rows at a time, until it is asked to end. */
export async function runRelay(
  relay: (pool: pg.Pool, send: (events: readonly string[]) => Promise<void>) => Promise<boolean>,
): Promise<void> {
  const pool = new pg.Pool({ connectionString: process.env['DATABASE_URL'], max: 1 })
  pool.on('error', () => {})
  const producer = await connected()
  const send = async (events: readonly string[]): Promise<void> => {
    await producer.send({ topic: 'order-events', messages: events.map((value) => ({ value })) })
  }
  let ending = false
  process.once('SIGTERM', () => {
    ending = true
  })
  while (!ending) {
    // What fails is tried again with the next poll.
    const some = await relay(pool, send).catch(() => false)
    if (!some) await setTimeout(POLL_MS)
  }
  await producer.disconnect()
  await pool.end()
  process.exit(0)
}

async function connected(): Promise<Producer> {
  const kafka = new Kafka({
    clientId: 'relay',
    brokers: (process.env['KAFKA_BROKERS'] ?? '').split(','),
    logLevel: logLevel.NOTHING,
  })
  const producer = kafka.producer()
  await producer.connect()
  return producer
}
