import { describe, expect, it } from 'vitest'
import { OFFSETS_TOPIC } from '../group/offsets-topic.ts'
import type { ProbeWorld } from '../probe/world.ts'
import { hashPartition } from '../state-log/java-hash.ts'
import { GROUP } from '../testing/harness.ts'
import { deposedCoordinator, groupCoordinator, replicated } from '../testing/worlds.ts'
import { errorName } from '../wire/index.ts'

/** Brokers as this one tells of them, or an error: of the group, and of its partition's leader. */
interface ToldBrokers {
  readonly coordinator: number | string
  readonly leader: number | string
}

function told(world: ProbeWorld, broker: number, group = GROUP): ToldBrokers {
  const find = world.connect('f', broker).call('FindCoordinator', 2, { key: group, keyType: 0 })
  const { answer } = world.connect('m', broker).call('Metadata', 7, { topics: [{ name: OFFSETS_TOPIC }] })
  const [topic] = answer.topics
  const partition = topic?.partitions[hashPartition(group, topic.partitions.length)]
  return {
    coordinator: find.error === 'NONE' ? find.answer.nodeId : find.error,
    leader: partition?.leaderId ?? errorName(topic?.errorCode ?? 0),
  }
}

describe('C4: what a broker that has not heard tells of internal topics', () => {
  it('the leader of a partition is the coordinator of its groups, as of the cut, until it hears', () => {
    const { world, old, next } = deposedCoordinator()
    expect(told(world, old)).toEqual({ coordinator: old, leader: old })
    expect(told(world, next)).toEqual({ coordinator: next, leader: next })
    world.cluster.admin.holdMetadata(old, false)
    expect(told(world, old)).toEqual({ coordinator: next, leader: next })
  })

  it('so it is for a group that nobody had used when it was cut off', () => {
    const world = replicated()
    const old = groupCoordinator(world)
    const cut = (old + 1) % 3
    world.cluster.admin.holdMetadata(cut, true)
    world.cluster.admin.moveCoordinator(GROUP, (old + 2) % 3)
    expect(told(world, cut)).toEqual({ coordinator: old, leader: old })
    expect(told(world, old)).toEqual({ coordinator: (old + 2) % 3, leader: (old + 2) % 3 })
  })

  it('with one copy of everything, the log has gone with its leader, and both requests say so', () => {
    const world = replicated({ factor: 1 })
    const old = groupCoordinator(world)
    const next = (old + 1) % 3
    world.cluster.admin.holdMetadata(old, true)
    world.cluster.admin.moveCoordinator(GROUP, next)
    expect(told(world, old).leader).toBe(next)
    expect(told(world, old).coordinator).toBe(next)
  })

  it('C5: a topic that was made since it was cut off is unknown to it', () => {
    const world = replicated({ settings: { 'onceover.internal.topic.creation.ms': 300 } })
    world.cluster.admin.holdMetadata(0, true)
    told(world, 1)
    world.clock.advance(300)
    const leader = groupCoordinator(world)
    expect(told(world, 1)).toEqual({ coordinator: leader, leader })
    const unknown = { coordinator: 'COORDINATOR_NOT_AVAILABLE', leader: 'UNKNOWN_TOPIC_OR_PARTITION' }
    expect(told(world, 0)).toEqual(unknown)
    world.cluster.admin.holdMetadata(0, false)
    expect(told(world, 0)).toEqual({ coordinator: leader, leader })
  })
})
