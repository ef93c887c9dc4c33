import { type AppContext, exactlyOnce } from 'onceover'
import { Consumer, type ConsumerRecord, Producer, type TopicPartition } from 'onceover/poll-loop'
import { nextOf, ordersScenario } from '../../poll-loop/orders.ts'

export interface SumsOptions {
  /** Whether sum and offset are one transaction. */
  readonly transaction: boolean
  /** The sum that a record counts into; default: there is one. */
  readonly sumOf?: (record: ConsumerRecord) => string
  /** The value of each record, which is the second of its event. */
  readonly seconds?: readonly number[]
}

/** Sums by their names. */
type Sums = Map<string, number>

/**
 * A state store by hand: sums of records are written to the topic `sums`, which is its changelog,
 * too: whoever gets the partition of the records reads the last sums from it.
 */
export function summing(
  name: string,
  { transaction, sumOf = () => 'all', seconds = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11] }: SumsOptions,
) {
  const producers = new WeakMap<AppContext, Promise<Producer>>()
  const sums = new WeakMap<AppContext, Sums>()
  const producerOf = (context: AppContext): Promise<Producer> => {
    const known = producers.get(context) ?? started(context, transaction)
    producers.set(context, known)
    return known
  }
  return ordersScenario(name, {
    guarantee: exactlyOnce({ outputs: ['sums'] }),
    otherTopics: { sums: { partitions: 1 } },
    records: seconds.map((second, index) => ({
      value: String(second),
      partition: 0,
      atMs: index < 10 ? 0 : 100_000,
    })),
    settings: { 'session.timeout.ms': 10_000, 'isolation.level': 'read_committed' },
    listener: (_consumer, context) => ({
      assigned: async (partitions) => {
        await producerOf(context)
        if (partitions.length > 0) sums.set(context, await lastSums(context))
      },
    }),
    handle: async (records, consumer, context) => {
      const producer = await producerOf(context)
      const state: Sums = sums.get(context) ?? new Map()
      for (const record of records) {
        const key = sumOf(record)
        const sum = (state.get(key) ?? 0) + 1
        state.set(key, sum)
        const output = { topic: 'sums', key, value: String(sum) }
        if (!transaction) {
          await producer.send(output)
          await consumer.commitSync(nextOf(record))
          continue
        }
        producer.beginTransaction()
        await producer.send(output)
        await producer.sendOffsetsToTransaction(nextOf(record), consumer.groupMetadata())
        await producer.commitTransaction()
      }
    },
  })
}

async function started({ brokers, instance }: AppContext, transaction: boolean): Promise<Producer> {
  const producer = new Producer({
    'bootstrap.servers': brokers,
    ...(transaction ? { 'transactional.id': instance } : {}),
  })
  if (transaction) await producer.initTransactions()
  return producer
}

/** The last sums in the changelog. */
async function lastSums({ brokers }: AppContext): Promise<Sums> {
  const at: TopicPartition = { topic: 'sums', partition: 0 }
  const reader = new Consumer({ 'bootstrap.servers': brokers, 'isolation.level': 'read_committed' })
  reader.assign([at])
  reader.seekToBeginning()
  const [end] = await reader.endOffsets([at])
  const sums: Sums = new Map()
  while ((await reader.position(at)) < (end?.offset ?? 0n))
    for (const { key, value } of await reader.poll(1_000)) sums.set(String(key), Number(value))
  await reader.close()
  return sums
}
