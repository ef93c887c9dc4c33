import { describe, expect, it } from 'vitest'
import type { Call } from '../probe/call.ts'
import type { ProbeWorld } from '../probe/world.ts'
import { batchOf, fetchBody, fetched, produceBody } from '../testing/harness.ts'
import { replicated } from '../testing/worlds.ts'
import type { AnswerBody, RequestDraft } from '../wire/index.ts'

const REPLICATED_MS = 1_000
const RACKS = {
  'replica.selector.class': 'org.apache.kafka.common.replica.RackAwareReplicaSelector',
  'broker.rack': 'a,b,b',
}

function write(world: ProbeWorld): Call<'Produce'> {
  const body = produceBody(batchOf({ values: ['v'] }), { acks: 1 })
  return world.connect('p', 0).call('Produce', 7, body)
}

function ask(
  world: ProbeWorld,
  broker: number,
  {
    version = 11,
    offset = 0n,
    ...overrides
  }: RequestDraft<'Fetch'> & {
    version?: number
    offset?: bigint
  } = {},
): Call<'Fetch'> {
  return world.connect('c', broker).call('Fetch', version, fetchBody(offset, { maxWaitMs: 0, ...overrides }))
}

function preferred(call: Call<'Fetch'>): unknown {
  const [topic] = call.answer.responses
  return topic?.partitions[0]?.preferredReadReplica
}

describe('L5: fetch from followers (KIP-392)', () => {
  it('a follower gives what it knows to be replicated to who asks with version 11 or later', () => {
    const world = replicated()
    write(world)
    world.clock.advance(REPLICATED_MS)
    expect(fetched(ask(world, 1))).toMatchObject({ error: 'NONE', bases: [0n], highWatermark: 1n })
    expect(fetched(ask(world, 1, { version: 10 })).error).toBe('NOT_LEADER_OR_FOLLOWER')
    world.cluster.admin.isolateReplica({ topic: 't', partition: 0, broker: 2 }, true)
    write(world)
    world.clock.advance(REPLICATED_MS)
    expect(fetched(ask(world, 2, { offset: 1n }))).toMatchObject({
      error: 'NONE',
      bases: [],
      highWatermark: 1n,
    })
    expect(fetched(ask(world, 2, { offset: 2n })).error).toBe('OFFSET_OUT_OF_RANGE')
    expect(fetched(ask(world, 0, { offset: 2n })).error).toBe('NONE')
  })

  it('a fetch that waits at a follower ends once that hears that more is replicated, or when it leads', () => {
    const world = replicated()
    const call = ask(world, 1, { maxWaitMs: 60_000 })
    world.clock.advance(REPLICATED_MS)
    expect(call.pending).toBe(true)
    write(world)
    world.clock.advance(REPLICATED_MS)
    expect(fetched(call).bases).toEqual([0n])
    const epochs = { currentLeaderEpoch: 0 }
    const next = world.connect('c', 1).call('Fetch', 11, fetchBody(1n, { maxWaitMs: 60_000 }, epochs))
    world.cluster.admin.moveLeader('t', 0, 1)
    expect(fetched(next).error).toBe('FENCED_LEADER_EPOCH')
  })

  it('a leader sends who is in another rack to a replica there that is in sync and has the offset', () => {
    const world = replicated({ settings: RACKS })
    write(world)
    world.clock.advance(REPLICATED_MS)
    const inRack = ask(world, 0, { rackId: 'b', maxWaitMs: 60_000 })
    expect(preferred(inRack)).toBe(2)
    expect(fetched(inRack)).toMatchObject({ error: 'NONE', bases: [], highWatermark: 1n })
    for (const rackId of ['a', 'c', '']) {
      const here = ask(world, 0, { rackId })
      expect([preferred(here), fetched(here).bases]).toEqual([-1, [0n]])
    }
    expect(preferred(ask(world, 2, { rackId: 'b' }))).toBe(-1)
    world.cluster.admin.isolateReplica({ topic: 't', partition: 0, broker: 2 }, true)
    write(world)
    world.clock.advance(REPLICATED_MS)
    expect(preferred(ask(world, 0, { rackId: 'b', offset: 2n }))).toBe(1)
    expect(preferred(ask(replicated(), 0, { rackId: 'b' }))).toBe(-1)
  })

  it('a session hears of it although nothing else has changed', () => {
    const world = replicated({ settings: RACKS })
    write(world)
    world.cluster.admin.isolateBroker(1, true)
    world.cluster.admin.isolateBroker(2, true)
    world.clock.advance(60_000)
    const client = world.connect('c', 0)
    const first = client.call('Fetch', 11, fetchBody(0n, { rackId: 'b', sessionEpoch: 0, maxWaitMs: 0 }))
    expect([preferred(first), fetched(first).bases]).toEqual([-1, [0n]])
    world.cluster.admin.isolateBroker(1, false)
    world.clock.advance(REPLICATED_MS)
    const { sessionId } = first.answer
    const body = fetchBody(1n, { rackId: 'b', sessionId, sessionEpoch: 1, maxWaitMs: 0 })
    expect(preferred(client.call('Fetch', 11, body))).toBe(1)
  })

  it('Metadata and DescribeCluster show racks', () => {
    const client = replicated({ settings: RACKS }).connect('c', 0)
    const racks = (answer: AnswerBody<'Metadata'> | AnswerBody<'DescribeCluster'>): unknown =>
      answer.brokers.map(({ rack }) => rack)
    expect(racks(client.call('Metadata', 7, { topics: [] }).answer)).toEqual(['a', 'b', 'b'])
    expect(racks(client.call('DescribeCluster', 1, { endpointType: 1 }).answer)).toEqual(['a', 'b', 'b'])
  })
})
