import type { AppContext } from 'onceover'
import { Producer } from 'onceover/poll-loop'
import { ordersScenario } from '../../poll-loop/orders.ts'

/** Beside the service a producer commits two orders, aborts three, and commits one. */
export function withTransactions(name: string, isolation: 'read_committed' | 'read_uncommitted') {
  return ordersScenario(name, {
    records: 1,
    faults: ['crash', 'rebalance'],
    settings: { 'isolation.level': isolation },
    beside: produce,
  })
}

async function produce({ brokers }: AppContext): Promise<void> {
  const producer = new Producer({ 'bootstrap.servers': brokers, 'transactional.id': 'orders' })
  await producer.initTransactions()
  for (const [records, end] of [
    [2, 'commit'],
    [3, 'abort'],
    [1, 'commit'],
  ] as const) {
    producer.beginTransaction()
    for (let each = 0; each < records; each += 1) await producer.send({ topic: 'orders', value: end })
    await (end === 'commit' ? producer.commitTransaction() : producer.abortTransaction())
  }
  await producer.close()
}
