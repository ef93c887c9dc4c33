import { endAfter, print } from './print.ts'
import { recordOf } from './records.ts'

interface ClientMessage {
  readonly value: string
  readonly partition: number
  commit(): Promise<void>
}

/** The used part of @platformatic/kafka, which need not be installed where this is compiled. */
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
    consume(options: object): Promise<AsyncIterable<ClientMessage> & { close(): Promise<void> }>
    close(force?: boolean): Promise<void>
  }
  readonly stringSerializers: object
  readonly stringDeserializers: object
}

const [url = '', mode, bootstrap = '', topic = '', last = '', groupProtocol = 'classic'] =
  process.argv.slice(2)
const { Producer, Consumer, stringSerializers, stringDeserializers } = (await import(url)) as Platformatic
const base = { clientId: `app-${process.pid}`, bootstrapBrokers: bootstrap.split(',') }
const BATCH = 1_000
const PARTITIONS = 6
const FETCH_BYTES = 200_000
const COMMIT_EACH = 2_000

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
  const consumer = new Consumer({
    ...base,
    groupId,
    deserializers: stringDeserializers,
    ...(groupProtocol === 'consumer' ? { groupProtocol } : {}),
  })
  const stream = await consumer.consume({
    topics: [topic],
    mode: 'committed',
    fallbackMode: 'earliest',
    // Its own commits run ahead of what it hands over; these don't.
    autocommit: false,
    maxBytes: FETCH_BYTES,
    ...(groupProtocol === 'consumer' ? {} : { heartbeatInterval: 300 }),
  })
  const printed = new Map<number, ClientMessage>()
  const commit = async (): Promise<void> => {
    const latest = [...printed.values()]
    printed.clear()
    // A commit that a rebalance refuses is made by the next owner.
    await Promise.allSettled(latest.map((message) => message.commit()))
  }
  process.once('SIGTERM', () => {
    endAfter(
      commit()
        .then(() => stream.close())
        .then(() => consumer.close()),
    )
  })
  let count = 0
  for await (const message of stream) {
    await print(`${message.value}\n`)
    printed.set(message.partition, message)
    count += 1
    if (count % COMMIT_EACH === 0) await commit()
  }
}
