import { type Consumer, type EachMessagePayload, Kafka, logLevel, type Producer } from 'kafkajs'
import type { AppContext } from 'onceover'
import { endUnlessItRejoins, next } from './service.ts'

export const INPUT = 'clicks'
export const OUTPUT = 'counted'
export const GROUP = 'counter'

type Place = Pick<EachMessagePayload, 'topic' | 'partition'>

export interface TransformOptions {
  /** The transactional id of the producer that answers for this partition. */
  readonly transactionalId: (at: Place, context: AppContext) => string
  /** The offset that is sent with the outputs; default: the one after the record. */
  readonly offsetOf?: (offset: string) => string
  /** Sends the outputs; default: in the transaction. */
  readonly send?: (transaction: Sender, producer: Producer, value: string) => Promise<unknown>
}

type Sender = Pick<Producer, 'send'>

interface Owned {
  readonly producer: Producer
  /**
   * Records below were counted, by a transaction of the partition's last owner or by one of its
   * own.
   */
  resumeAt: bigint
}

/**
 * A consume-transform-produce service on kafkajs: each record's output and offset in one
 * transaction.
 *
 * kafkajs sends no generation with its offsets, so that only the transactional id can fence a
 * process that lost a partition without knowing. A partition's producer is therefore initialised
 * again with every assignment, before its first record is touched; and as kafkajs has fetched the
 * committed offset before that, it is asked for once more afterwards, when nobody else can change
 * it any longer. With several brokers kafkajs joins again while a handler runs, and delivers what
 * that one has in hand once more: the service remembers how far it has come.
 */
export async function startTransform(context: AppContext, options: TransformOptions): Promise<void> {
  const { offsetOf = next, send = inTransaction } = options
  const kafka = new Kafka({
    clientId: context.instance,
    brokers: context.brokers,
    logLevel: logLevel.NOTHING,
  })
  const consumer = kafka.consumer({ groupId: GROUP })
  const admin = kafka.admin()
  const owned = new Map<string, Promise<Owned>>()
  consumer.on(consumer.events.GROUP_JOIN, () => owned.clear())
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    if (!payload.restart) process.exit(1)
  })
  endUnlessItRejoins(consumer, () => process.exit(1))
  process.once('SIGTERM', () => leave(consumer))

  const take = async (at: Place): Promise<Owned> => {
    const producer = kafka.producer({
      transactionalId: options.transactionalId(at, context),
      maxInFlightRequests: 1,
      idempotent: true,
    })
    await producer.connect()
    // The first transaction initialises the producer: it fences, and waits for what the one before
    // it had begun.
    await (await producer.transaction()).abort()
    const committed = await admin.fetchOffsets({ groupId: GROUP, topics: [at.topic] })
    const found = committed[0]?.partitions.find(({ partition }) => partition === at.partition)
    return { producer, resumeAt: BigInt(found?.offset ?? -1) }
  }

  const ownedAt = (at: Place): Promise<Owned> => {
    const name = `${at.topic}/${at.partition}`
    const known = owned.get(name)
    if (known !== undefined) return known
    const taking = take(at)
    owned.set(name, taking)
    return taking
  }

  await admin.connect()
  await consumer.connect()
  await consumer.subscribe({ topics: [INPUT], fromBeginning: true })
  await consumer.run({
    autoCommit: false,
    eachMessage: async ({ topic, partition, message }) => {
      try {
        const mine = await ownedAt({ topic, partition })
        const { producer } = mine
        if (BigInt(message.offset) < mine.resumeAt) return
        const transaction = await producer.transaction()
        await send(transaction, producer, String(message.value))
        await transaction.sendOffsets({
          consumerGroupId: GROUP,
          topics: [{ topic, partitions: [{ partition, offset: offsetOf(message.offset) }] }],
        })
        await transaction.commit()
        mine.resumeAt = BigInt(next(message.offset))
      } catch {
        // Fenced, or not known to be done: another incarnation asks the coordinator what became of
        // it.
        process.exit(1)
      }
    },
  })
}

function inTransaction(transaction: Sender, _: Producer, value: string): Promise<unknown> {
  return transaction.send({ topic: OUTPUT, messages: [{ value }] })
}

/** One id for each input partition: its new owner fences its previous one. */
export function byPartition({ topic, partition }: Place): string {
  return `${GROUP}-${topic}-${partition}`
}

function leave(consumer: Consumer): void {
  consumer.disconnect().then(
    () => process.exit(0),
    () => process.exit(1),
  )
}
