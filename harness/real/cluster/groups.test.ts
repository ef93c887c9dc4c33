import { expect, it } from 'vitest'
import { serve } from '../../serve/serve.ts'
import { RealCluster } from './cluster.ts'
import { demandNoGroup, removeGroup, setOffsets } from './groups.ts'
import { positionsIn } from './positions.ts'

it('offsets are set for a group without members, which is gone when it is removed', async () => {
  await using served = await serve({ topics: { orders: 2 } })
  const cluster = new RealCluster(new Map(served.brokers.map(({ id, host, port }) => [id, { host, port }])))
  try {
    await demandNoGroup(cluster, 'billing')
    const offsets = [
      { topic: 'orders', partition: 0, offset: 5n },
      { topic: 'orders', partition: 1, offset: 0n },
    ]
    expect(await setOffsets(cluster, 'billing', offsets)).toBe('NONE')
    const body = { groups: [{ groupId: 'billing', topics: null }], requireStable: true }
    const { groups } = await cluster.ofGroup('billing', { api: 'OffsetFetch', version: 8, body }, () => 0)
    const [topic] = groups[0]?.topics ?? []
    expect(topic?.partitions.map((each) => [each.partitionIndex, each.committedOffset])).toEqual([
      [0, 5n],
      [1, 0n],
    ])
    const [, second] = await positionsIn(cluster, 'billing', offsets)
    expect(second).toMatchObject({ start: 0n, end: 0n, minuteAgo: null, committed: 0n })
    await expect(demandNoGroup(cluster, 'billing')).rejects.toThrow(/touches nothing that it did not make/)
    await removeGroup(cluster, 'billing')
    await demandNoGroup(cluster, 'billing')
  } finally {
    cluster.close()
  }
})
