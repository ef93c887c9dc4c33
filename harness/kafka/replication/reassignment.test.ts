import { describe, expect, it } from 'vitest'
import type { Call } from '../probe/call.ts'
import type { ProbeWorld } from '../probe/world.ts'
import { batchOf, fetchBody, fetched, produceBody } from '../testing/harness.ts'
import { replicated } from '../testing/worlds.ts'
import { errorName, type RequestBody } from '../wire/index.ts'

const MOVED_MS = 100

function write(world: ProbeWorld, broker: number, acks = -1): Call<'Produce'> {
  return world.connect('p', broker).call('Produce', 7, produceBody(batchOf({ values: ['v'] }), { acks }))
}

function read(world: ProbeWorld, broker: number): readonly bigint[] {
  return fetched(world.connect('c', broker).call('Fetch', 11, fetchBody(0n, { maxWaitMs: 0 }))).bases
}

function alter(
  world: ProbeWorld,
  replicas: readonly number[] | null,
  allowReplicationFactorChange = true,
): string {
  const partitions = [{ partitionIndex: 0, replicas }]
  const body = { allowReplicationFactorChange, topics: [{ name: 't', partitions }] }
  const { answer } = world.connect('a', 3).call('AlterPartitionReassignments', 1, body)
  const [topic] = answer.responses
  return errorName(topic?.partitions[0]?.errorCode ?? -1)
}

function moves(
  world: ProbeWorld,
  topics: RequestBody<'ListPartitionReassignments'>['topics'] = null,
): unknown {
  const { answer } = world.connect('a', 3).call('ListPartitionReassignments', 0, { topics })
  return answer.topics.flatMap(({ partitions }) =>
    partitions.map(({ replicas, addingReplicas, removingReplicas }) => [
      replicas,
      addingReplicas,
      removingReplicas,
    ]),
  )
}

function shown(world: ProbeWorld): unknown {
  const { answer } = world.connect('a', 3).call('Metadata', 7, { topics: [{ name: 't' }] })
  const [topic] = answer.topics
  const { leaderId, leaderEpoch, replicaNodes, isrNodes } = topic?.partitions[0] ?? {}
  return [leaderId, leaderEpoch, replicaNodes, isrNodes]
}

describe('reassignment (KIP-455)', () => {
  it('new replicas catch up, then those that are not wanted go, and another leader has it all', () => {
    const world = replicated({ brokers: 4, factor: 2 })
    write(world, 0)
    world.clock.advance(MOVED_MS)
    expect(alter(world, [2, 3])).toBe('NONE')
    expect(moves(world)).toEqual([
      [
        [2, 3, 0, 1],
        [2, 3],
        [0, 1],
      ],
    ])
    expect(moves(world, [{ name: 't', partitionIndexes: [0, 7] }])).toHaveLength(1)
    expect(moves(world, [{ name: 'u', partitionIndexes: [0] }])).toEqual([])
    expect(shown(world)).toEqual([0, 0, [2, 3, 0, 1], [0, 1]])
    const call = write(world, 0)
    world.clock.advance(MOVED_MS)
    expect(call.errors).toEqual(['NONE'])
    expect(moves(world)).toEqual([])
    expect(shown(world)).toEqual([2, 1, [2, 3], [2, 3]])
    expect(read(world, 2)).toEqual([0n, 1n])
    expect(write(world, 0).errors).toEqual(['NOT_LEADER_OR_FOLLOWER'])
  })

  it('a leader that stays begins another epoch, and what waits for replicas goes on waiting', () => {
    const world = replicated({ brokers: 4 })
    world.cluster.admin.isolateBroker(1, true)
    const call = write(world, 0)
    expect(alter(world, [0, 2])).toBe('NONE')
    world.clock.advance(MOVED_MS)
    expect(call.errors).toEqual(['NONE'])
    expect(shown(world)).toEqual([0, 1, [0, 2], [0, 2]])
  })

  it('one copy becomes several, with what its producers had written', () => {
    const world = replicated({ brokers: 4, factor: 1 })
    const sequence = (baseSequence: number): string[] => {
      const records = batchOf({ values: ['v'], producerId: 7n, producerEpoch: 0, baseSequence })
      return world.connect('p', 0).call('Produce', 7, produceBody(records, { acks: 1 })).errors
    }
    sequence(0)
    expect(alter(world, [0, 1])).toBe('NONE')
    world.clock.advance(MOVED_MS)
    expect(shown(world)).toEqual([0, 0, [0, 1], [0, 1]])
    expect(sequence(2)).toEqual(['OUT_OF_ORDER_SEQUENCE_NUMBER'])
    world.cluster.admin.stopBroker(0)
    expect(read(world, 1)).toEqual([0n])
  })

  it('is given up: those that came go again', () => {
    const world = replicated({ brokers: 4, factor: 2 })
    world.cluster.admin.isolateBroker(2, true)
    expect(alter(world, null)).toBe('NO_REASSIGNMENT_IN_PROGRESS')
    expect(alter(world, [0, 2])).toBe('NONE')
    world.clock.advance(MOVED_MS)
    expect(moves(world)).toEqual([[[0, 2, 1], [2], [1]]])
    expect(alter(world, null)).toBe('NONE')
    expect(moves(world)).toEqual([])
    expect(shown(world)).toEqual([0, 1, [0, 1], [0, 1]])
  })

  it('an order of its own moves nothing but the preferred leader', () => {
    const world = replicated({ brokers: 4, factor: 2 })
    expect(alter(world, [1, 0])).toBe('NONE')
    expect(shown(world)).toEqual([0, 0, [1, 0], [0, 1].reverse()])
    world.clock.advance(300_000)
    expect(shown(world)).toEqual([1, 1, [1, 0], [1, 0]])
  })

  it('refuses brokers that there are not, and another factor where that is held', () => {
    const world = replicated({ brokers: 4, factor: 2 })
    for (const wrong of [[], [9], [1, 1]]) expect(alter(world, wrong)).toBe('INVALID_REPLICA_ASSIGNMENT')
    expect(alter(world, [0, 1, 2], false)).toBe('INVALID_REPLICATION_FACTOR')
    expect(world.cluster.admin.reassign('u', 0, [0])).toBe('UNKNOWN_TOPIC_OR_PARTITION')
    expect(world.cluster.admin.reassign('t', 1, [0])).toBe('UNKNOWN_TOPIC_OR_PARTITION')
    expect(world.cluster.admin.reassign('t', 0, [0, 2])).toBe('NONE')
  })
})
