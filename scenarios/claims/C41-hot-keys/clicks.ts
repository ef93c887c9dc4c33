import type { Scenario } from 'onceover'
import { nextOf, ordersScenario, save, sleep } from '../../poll-loop/orders.ts'

/** 24 clicks of one page within 12 s, and 3 of others; each takes a second. */
export function clicksOf(name: string, partitions: number, keyOf: (click: number) => string) {
  const hot = Array.from({ length: 24 }, (_, click) => ({
    key: keyOf(click),
    value: `click ${click}`,
    atMs: 5_000 + click * 500,
  }))
  const others = ['a', 'c', 'd'].map((key, index) => ({ key, value: `other`, atMs: 5_000 + index * 4_000 }))
  const records: NonNullable<Scenario['records']>[string] = [...hot, ...others]
  return ordersScenario(name, {
    partitions,
    consumers: 2,
    records,
    faults: ['crash', 'rebalance'],
    settings: { 'max.poll.records': 1 },
    handle: async (polled, consumer, context) => {
      for (const record of polled) {
        await sleep(1_000)
        await save(context, record)
        await consumer.commitSync(nextOf(record))
      }
    },
  })
}
