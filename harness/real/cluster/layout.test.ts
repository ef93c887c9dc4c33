import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ServedCluster, serve } from '../../serve/serve.ts'
import { RealCluster } from './cluster.ts'
import { layOutGroup, layOutTopic } from './layout.ts'
import { moveLeader } from './leaders.ts'
import { createTopic } from './topics.ts'

const PARTITIONS = 4

let served: ServedCluster
let cluster: RealCluster

beforeAll(async () => {
  served = await serve({ brokers: 3, settings: { 'default.replication.factor': 2 } })
  cluster = new RealCluster(new Map(served.brokers.map(({ id, host, port }) => [id, { host, port }])))
})

afterAll(async () => {
  cluster.close()
  await served.stop()
})

async function leaders(topic: string): Promise<number[]> {
  const { partitions } = await cluster.topicWithLeaders(topic, PARTITIONS)
  return partitions.map(({ leader }) => leader)
}

describe('the layout of a simulated cluster', () => {
  it('is given to the partitions of a topic, whatever brokers led them, with as many replicas', async () => {
    await createTopic(cluster, { name: 'orders', partitions: PARTITIONS, configs: {} })
    const begun = await leaders('orders')
    for (const partition of begun.keys()) await moveLeader(cluster, { topic: 'orders', partition })
    const moved = await cluster.topicWithLeaders('orders', PARTITIONS)
    expect(moved.partitions.map(({ leader }) => leader)).not.toEqual(begun)
    await layOutTopic(cluster, moved)
    expect(await leaders('orders')).toEqual(begun)
    const [{ partitions } = moved] = await cluster.topics(['orders'])
    expect(partitions.map(({ replicas }) => replicas.length)).toEqual([2, 2, 2, 2])
  })

  // It refuses to move partitions of its own topics: a move would fail here.
  it.each(['billing', 'group-0', 'zebra', 'polygenelubricants'])(
    'has the coordinator of %s where it is',
    async (group) => {
      const begun = await cluster.coordinatorOf(group)
      await layOutGroup(cluster, group)
      expect(await cluster.coordinatorOf(group)).toBe(begun)
    },
  )
})
