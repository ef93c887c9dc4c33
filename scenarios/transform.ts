import {
  type Consumer,
  type EachMessagePayload,
  Kafka,
  type KafkaMessage,
  logLevel,
  type Producer,
} from 'kafkajs'
import type { AppContext } from 'onceover'
import { endUnlessItRejoins, next } from './service.ts'

export const INPUT = 'clicks'
export const OUTPUT = 'counted'
export const GROUP = 'counter'

/** A process that has waited longer does not know whether the partition is still its own. */
const AT_ONCE_MS = 10_000

type Place = Pick<EachMessagePayload, 'topic' | 'partition'>

export interface TransformOptions {
  /** The transactional id of the producer that answers for this partition. */
  readonly transactionalId: (at: Place, context: AppContext) => string
  /** The offset that is sent with the outputs; default: the one after the record. */
  readonly offsetOf?: (offset: string) => string
  /** Sends the outputs; default: in the transaction. */
  readonly send?: (transaction: Sender, producer: Producer, value: string) => Promise<unknown>
  /** Takes the partition again where a transaction failed at once; default: the process ends. */
  readonly takeAgain?: (steps: Steps) => Promise<Owned>
}

type Sender = Pick<Producer, 'send'>

/** The two things that it takes to own a partition. */
interface Steps {
  /** Fences the producer before, and waits for what that one had begun. */
  readonly initialise: () => Promise<Producer>
  /** Where to go on, by the group's committed offset. */
  readonly committed: () => Promise<bigint>
}

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
  const { offsetOf = next, send = inTransaction, takeAgain } = options
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

  const initialise = async (at: Place): Promise<Producer> => {
    const producer = kafka.producer({
      transactionalId: options.transactionalId(at, context),
      maxInFlightRequests: 1,
      idempotent: true,
    })
    await producer.connect()
    // The first transaction initialises the producer: it fences, and waits for what the one before
    // it had begun.
    await (await producer.transaction()).abort()
    return producer
  }
  const committed = async ({ topic, partition }: Place): Promise<bigint> => {
    const offsets = await admin.fetchOffsets({ groupId: GROUP, topics: [topic] })
    return BigInt(offsets[0]?.partitions.find((each) => each.partition === partition)?.offset ?? -1)
  }
  const take = async (at: Place): Promise<Owned> => {
    const producer = await initialise(at)
    return { producer, resumeAt: await committed(at) }
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
      const at = { topic, partition }
      const begunMs = Date.now()
      let mine = ownedAt(at)
      for (;;) {
        try {
          return await count(await mine, at, message)
        } catch {
          // Fenced, or not known to be done: the coordinator is asked what became of it, by another
          // incarnation or by another producer of this one.
          if (takeAgain === undefined || Date.now() - begunMs > AT_ONCE_MS) process.exit(1)
          mine = takeAgain({ initialise: () => initialise(at), committed: () => committed(at) })
          owned.set(`${topic}/${partition}`, mine)
        }
      }
    },
  })

  async function count(mine: Owned, { topic, partition }: Place, { offset, value }: KafkaMessage) {
    const { producer, resumeAt } = mine
    if (BigInt(offset) < resumeAt) return
    const transaction = await producer.transaction()
    await send(transaction, producer, String(value))
    await transaction.sendOffsets({
      consumerGroupId: GROUP,
      topics: [{ topic, partitions: [{ partition, offset: offsetOf(offset) }] }],
    })
    await transaction.commit()
    mine.resumeAt = BigInt(next(offset))
  }
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
