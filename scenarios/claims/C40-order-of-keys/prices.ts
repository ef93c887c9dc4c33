import { type AppContext, atLeastOnce } from 'onceover'
import { Producer } from 'onceover/poll-loop'
import { nextOf, ordersScenario, save, sleep } from '../../poll-loop/orders.ts'

/** Of one partition it is in 0, of two in 1, of three in 2. */
const KEY = 'd'

/**
 * A producer beside two consumers sends a price of the same product each second; each takes 3 s.
 */
export function pricesInOrder(
  name: string,
  faults: readonly ('partitions-added' | 'crash' | 'join' | 'leave')[],
) {
  return ordersScenario(name, {
    consumers: 2,
    records: 1,
    guarantee: atLeastOnce({ order: 'key' }),
    faults,
    settings: { 'metadata.max.age.ms': 2_000, 'max.poll.records': 1 },
    handle: async (records, consumer, context) => {
      for (const record of records) {
        await sleep(3_000)
        await save(context, record)
        await consumer.commitSync(nextOf(record))
      }
    },
    beside: produce,
  })
}

async function produce({ brokers, incarnation }: AppContext): Promise<void> {
  // Prices that it sent again would be out of order by themselves.
  if (incarnation > 1) return
  const producer = new Producer({ 'bootstrap.servers': brokers, 'metadata.max.age.ms': 2_000 })
  for (let price = 0; price < 12; price += 1) {
    await producer.send({ topic: 'orders', key: KEY, value: `price ${price}` })
    await sleep(1_000)
  }
  await producer.close()
}
