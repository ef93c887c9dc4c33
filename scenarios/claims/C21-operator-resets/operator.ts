import { Admin } from '@platformatic/kafka'
import type { AppContext } from 'onceover'
import { ordersScenario, sleep } from '../../poll-loop/orders.ts'

/**
 * A service that ends its work on SIGTERM, and an operator who sets its offset to 2 after
 * `afterMs`.
 */
export function orderedBack(name: string, afterMs: number) {
  return ordersScenario(name, {
    records: Array.from({ length: 11 }, (_, index) => ({
      value: `order ${index}`,
      partition: 0,
      atMs: index < 10 ? 0 : 100_000,
    })),
    beside: (context) => setOffset(context, afterMs),
  })
}

async function setOffset({ brokers, instance }: AppContext, afterMs: number): Promise<void> {
  const admin = new Admin({ clientId: instance, bootstrapBrokers: [...brokers], retries: 0 })
  await sleep(afterMs)
  const topics = [{ name: 'orders', partitionOffsets: [{ partition: 0, offset: 2n }] }]
  await admin.alterConsumerGroupOffsets({ groupId: 'orders', topics }).catch(() => {})
  await admin.close()
}
