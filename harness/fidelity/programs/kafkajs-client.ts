import { Kafka, logLevel } from 'kafkajs'
import { endAfter, print } from './print.ts'
import { recordOf } from './records.ts'

const [, mode, bootstrap = '', topic = '', last = ''] = process.argv.slice(2)
const kafka = new Kafka({
  clientId: `app-${process.pid}`,
  brokers: bootstrap.split(','),
  logLevel: logLevel.ERROR,
})
const BATCH = 1_000

if (mode === 'produce') await produce(Number(last))
else await consume(last)

async function produce(records: number): Promise<void> {
  const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 })
  await producer.connect()
  for (let from = 0; from < records; from += BATCH) {
    const count = Math.min(BATCH, records - from)
    const messages = Array.from({ length: count }, (_, index) => ({ value: recordOf(from + index) }))
    await producer.send({ topic, messages })
  }
  await producer.disconnect()
}

async function consume(groupId: string): Promise<void> {
  const consumer = kafka.consumer({ groupId, heartbeatInterval: 300 })
  await consumer.connect()
  await consumer.subscribe({ topic, fromBeginning: true })
  await consumer.run({
    async eachBatch({ batch, heartbeat, resolveOffset }) {
      const lines = batch.messages.map(({ value }) => `${String(value)}\n`).join('')
      await print(lines)
      resolveOffset(batch.lastOffset())
      await heartbeat()
    },
  })
  process.once('SIGTERM', () => {
    endAfter(consumer.disconnect())
  })
}
