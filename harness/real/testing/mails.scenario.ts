import { Redis } from 'ioredis'
import { Kafka, logLevel } from 'kafkajs'
import { defineScenario, exactlyOnce } from 'onceover'
import { http } from 'onceover/http'
import { redis } from 'onceover/redis'

/** A mail for each order, and a note of it: after a crash between both it is sent again. */
export default defineScenario({
  name: 'a mail for each order',
  topics: { orders: { partitions: 1 } },
  records: { orders: 2 },
  consumers: 1,
  env: { KAFKA_BROKERS: 'broker-0:9092' },
  services: {
    'http://mail': http(() => new Response(null, { status: 202 }), { identity: ({ body }) => body }),
    cache: redis(),
  },
  identity: ({ value }) => value ?? '',
  effects: { from: 'mail', query: 'POST /send 202' },
  invariants: {
    'all are noted': ({ services }) => `${services['cache']?.ask('KEYS sent:*').length} are noted`,
  },
  guarantee: exactlyOnce(),
  app: async () => {
    const brokers = [process.env['KAFKA_BROKERS'] ?? '']
    const cache = new Redis('redis://cache:6379')
    cache.on('error', () => {})
    const consumer = new Kafka({ brokers, logLevel: logLevel.NOTHING }).consumer({ groupId: 'mails' })
    await consumer.connect()
    await consumer.subscribe({ topics: ['orders'], fromBeginning: true })
    await consumer.run({
      eachMessage: async ({ message }) => {
        await fetch('http://mail/send', { method: 'POST', body: String(message.value) })
        await cache.set(`sent:${message.offset}`, '1')
      },
    })
  },
})
