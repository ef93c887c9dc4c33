import { once } from 'node:events'
import { recordOf } from './records.ts'

/** What is used of @platformatic/kafka, which need not be installed where this is compiled. */
interface Platformatic {
  readonly Producer: new (
    options: object,
  ) => {
    send(options: object): Promise<unknown>
    close(): Promise<void>
  }
  readonly Consumer: new (
    options: object,
  ) => {
    consume(options: object): Promise<AsyncIterable<{ readonly value: string }> & { close(): Promise<void> }>
    close(force?: boolean): Promise<void>
  }
  readonly stringSerializers: object
  readonly stringDeserializers: object
}

const [url = '', mode, bootstrap = '', topic = '', last = ''] = process.argv.slice(2)
const { Producer, Consumer, stringSerializers, stringDeserializers } = (await import(url)) as Platformatic
const base = { clientId: `app-${process.pid}`, bootstrapBrokers: bootstrap.split(',') }
const BATCH = 1_000
const PARTITIONS = 6

if (mode === 'produce') await produce(Number(last))
else await consume(last)

async function produce(records: number): Promise<void> {
  const producer = new Producer({ ...base, serializers: stringSerializers, idempotent: true })
  for (let from = 0; from < records; from += BATCH) {
    const partition = (from / BATCH) % PARTITIONS
    const count = Math.min(BATCH, records - from)
    const messages = Array.from({ length: count }, (_, index) => ({
      topic,
      partition,
      value: recordOf(from + index),
    }))
    await producer.send({ messages })
  }
  await producer.close()
}

async function consume(groupId: string): Promise<void> {
  const consumer = new Consumer({ ...base, groupId, deserializers: stringDeserializers })
  const stream = await consumer.consume({
    topics: [topic],
    mode: 'committed',
    fallbackMode: 'earliest',
    autocommit: true,
    heartbeatInterval: 300,
  })
  process.once('SIGTERM', () => {
    stream
      .close()
      .then(() => consumer.close())
      .then(
        () => process.exit(0),
        () => process.exit(1),
      )
  })
  for await (const { value } of stream)
    if (!process.stdout.write(`${value}\n`)) await once(process.stdout, 'drain')
}
