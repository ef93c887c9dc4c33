import { setTimeout } from 'node:timers/promises'
import { Kafka, logLevel, type Producer } from 'kafkajs'
import pg from 'pg'

const POLL_MS = 2_000

interface OutboxRow {
  readonly id: string
  readonly order_id: string
  readonly status: string
}

/**
 * Empties the outbox beside other relays, two rows at a time: `choose` is a query that locks rows
 * which no other relay has. They are sent, and go, in one transaction.
 */
export async function runRelay(choose: string): Promise<void> {
  const pool = new pg.Pool({ connectionString: process.env['DATABASE_URL'], max: 1 })
  pool.on('error', () => {})
  const producer = await connected()
  let ending = false
  process.once('SIGTERM', () => {
    ending = true
  })
  while (!ending) {
    // What fails is tried again with the next poll.
    const some = await relay(pool, producer, choose).catch(() => false)
    if (!some) await setTimeout(POLL_MS)
  }
  await producer.disconnect()
  await pool.end()
  process.exit(0)
}

async function relay(pool: pg.Pool, producer: Producer, choose: string): Promise<boolean> {
  const client = await pool.connect()
  let broken = false
  try {
    await client.query('begin')
    const { rows } = await client.query<OutboxRow>(choose)
    if (rows.length > 0) {
      const messages = rows.map(({ id, order_id: key, status }) => ({
        key,
        value: JSON.stringify({ id, status }),
      }))
      await producer.send({ topic: 'order-events', messages })
      await client.query('delete from outbox where id = any($1)', [rows.map(({ id }) => id)])
    }
    await client.query('commit')
    return rows.length > 0
  } catch (error) {
    broken = true
    throw error
  } finally {
    client.release(broken)
  }
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
