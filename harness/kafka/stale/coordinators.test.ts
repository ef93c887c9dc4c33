import { describe, expect, it } from 'vitest'
import type { Call } from '../probe/call.ts'
import type { ProbeWorld } from '../probe/world.ts'
import { GROUP, TestMember } from '../testing/harness.ts'
import {
  deposedCoordinator,
  groupCoordinator,
  LOAD_MS,
  REPLICATED_MS,
  replicated,
} from '../testing/worlds.ts'

/** A replica that fetches nothing for this long is out of sync. */
const LAG_MS = 1_000
const TIMEOUT_MS = 5_000

const SETTINGS = { 'replica.lag.time.max.ms': LAG_MS }

function worldOf(settings: Readonly<Record<string, number | boolean>> = {}): ProbeWorld {
  return replicated({ partitions: 2, settings: { ...SETTINGS, ...settings } })
}

function commit(
  world: ProbeWorld,
  broker: number,
  offset: bigint,
  { memberId, generation }: TestMember,
): Call<'OffsetCommit'> {
  return world.connect('c', broker).call('OffsetCommit', 7, {
    groupId: GROUP,
    generationIdOrMemberEpoch: generation,
    memberId,
    topics: [
      { name: 't', partitions: [{ partitionIndex: 0, committedOffset: offset, committedMetadata: null }] },
    ],
  })
}

function committed(world: ProbeWorld, broker: number): bigint | string {
  const call = world.connect('f', broker).call('OffsetFetch', 5, {
    groupId: GROUP,
    topics: [{ name: 't', partitionIndexes: [0] }],
  })
  if (call.error !== 'NONE') return call.error
  const [topic] = call.answer.topics
  return topic?.partitions[0]?.committedOffset ?? -1n
}

function found(world: ProbeWorld, broker: number): unknown {
  const call = world.connect('f', broker).call('FindCoordinator', 2, { key: GROUP, keyType: 0 })
  return call.error === 'NONE' ? call.answer.nodeId : call.error
}

describe('C4: a coordinator that has not heard of its successor', () => {
  it('answers heartbeats as its successor does, and says that it coordinates', () => {
    const { world, member, old, next } = deposedCoordinator(SETTINGS)
    expect([found(world, old), found(world, next)]).toEqual([old, next])
    expect(member.heartbeat()).toBe('NONE')
    member.reconnect(next)
    // Its successor's high watermark waits until the old leader is out of sync.
    world.clock.advance(2 * LAG_MS)
    expect(member.heartbeat()).toBe('NONE')
  })

  it('cannot commit: COORDINATOR_NOT_AVAILABLE after offsets.commit.timeout.ms, and nothing counts', () => {
    const { world, member, old, next } = deposedCoordinator(SETTINGS)
    const call = commit(world, old, 5n, member)
    world.clock.advance(TIMEOUT_MS - 1)
    expect(call.pending).toBe(true)
    world.clock.advance(1)
    expect(call.errors).toEqual(['COORDINATOR_NOT_AVAILABLE'])
    expect([committed(world, old), committed(world, next)]).toEqual([-1n, -1n])
    const kept = commit(world, next, 7n, member)
    world.clock.advance(2 * LAG_MS)
    world.cluster.admin.holdMetadata(old, false)
    world.clock.advance(REPLICATED_MS)
    expect([kept.errors, committed(world, next)]).toEqual([['NONE'], 7n])
  })

  it('holds up what follows a commit that is not replicated, although it writes nothing', () => {
    const { world, member, old } = deposedCoordinator(SETTINGS)
    commit(world, old, 5n, member)
    const beat = world.connect('c', old).call('Heartbeat', 3, {
      groupId: GROUP,
      generationId: member.generation,
      memberId: member.memberId,
    })
    expect(beat.pending).toBe(true)
    world.clock.advance(TIMEOUT_MS)
    expect(beat.error).toBe('COORDINATOR_NOT_AVAILABLE')
    // A stranger to the group is told at once.
    expect(member.heartbeat({ generationId: 9 })).toBe('ILLEGAL_GENERATION')
  })

  it('knows nothing of what its successor is told', () => {
    const { world, member, old, next } = deposedCoordinator(SETTINGS)
    world.clock.advance(11_000)
    const call = commit(world, next, 7n, member)
    world.clock.advance(REPLICATED_MS)
    expect([call.errors, committed(world, next), committed(world, old)]).toEqual([
      ['UNKNOWN_MEMBER_ID'],
      -1n,
      -1n,
    ])
    const alone = commit(world, next, 8n, { memberId: '', generation: -1 } as TestMember)
    world.clock.advance(2 * LAG_MS)
    expect([alone.errors, committed(world, next), committed(world, old)]).toEqual([['NONE'], 8n, -1n])
  })

  it('keeps its members alive, whom its successor expels; each has a group of its own', () => {
    const { world, member, old, next } = deposedCoordinator(SETTINGS)
    for (let beats = 0; beats < 8; beats += 1) {
      world.clock.advance(5_000)
      expect(member.heartbeat()).toBe('NONE')
    }
    expect(world.cluster.admin.group(GROUP)).toMatchObject({ state: 'Empty', members: [] })
    const other = new TestMember(world, 'b', { broker: next })
    const joined = other.join()
    world.clock.advance(1)
    other.joined(joined)
    const synced = other.sync([{ member: other, topics: [{ topic: 't', partitions: [0] }] }])
    world.clock.advance(2 * LAG_MS)
    expect(synced.error).toBe('NONE')
    expect(member.heartbeat()).toBe('NONE')
    expect(other.heartbeat()).toBe('NONE')
    expect(world.cluster.admin.group(GROUP)?.members).toMatchObject([{ process: 'b' }])
    world.cluster.admin.holdMetadata(old, false)
    expect([member.heartbeat(), other.heartbeat()]).toEqual(['NOT_COORDINATOR', 'NONE'])
  })

  it('completes a join in memory, and cannot give anybody an assignment', () => {
    const { world, old } = deposedCoordinator(SETTINGS)
    const seen = world.observations.length
    const late = new TestMember(world, 'b', { broker: old })
    const joined = late.join()
    world.clock.advance(11_000)
    late.joined(joined)
    expect(late.generation).toBe(2)
    const synced = late.sync([{ member: late, topics: [{ topic: 't', partitions: [0] }] }])
    world.clock.advance(TIMEOUT_MS)
    expect(synced.error).toBe('COORDINATOR_NOT_AVAILABLE')
    const told = world.observations.slice(seen)
    const generations = told.flatMap((each) => (each.kind === 'generation' ? [each] : []))
    // Its successor's, whose member has gone.
    expect(generations).toMatchObject([{ members: [] }])
  })

  it('unloads when it hears: who waits is answered NOT_COORDINATOR', () => {
    const { world, member, old } = deposedCoordinator(SETTINGS)
    const waits = commit(world, old, 5n, member)
    const late = new TestMember(world, 'b', { broker: old })
    const joins = late.join()
    world.clock.advance(1_000)
    expect([waits.pending, joins.pending]).toEqual([true, true])
    world.cluster.admin.holdMetadata(old, false)
    expect([waits.errors, joins.error, member.heartbeat()]).toEqual([
      ['NOT_COORDINATOR'],
      'NOT_COORDINATOR',
      'NOT_COORDINATOR',
    ])
    expect(found(world, old)).toBe(groupCoordinator(world))
  })

  it('a successor that has not heard refuses, and loads when it hears', () => {
    const world = worldOf()
    const old = groupCoordinator(world)
    const next = (old + 1) % 3
    const alone = { memberId: '', generation: -1 } as TestMember
    commit(world, old, 5n, alone)
    world.clock.advance(REPLICATED_MS)
    world.cluster.admin.holdMetadata(next, true)
    world.cluster.admin.moveCoordinator(GROUP, next)
    world.clock.advance(1_000)
    expect([committed(world, old), committed(world, next)]).toEqual(['NOT_COORDINATOR', 'NOT_COORDINATOR'])
    world.cluster.admin.holdMetadata(next, false)
    expect(committed(world, next)).toBe('COORDINATOR_LOAD_IN_PROGRESS')
    world.clock.advance(LOAD_MS)
    expect(committed(world, next)).toBe(5n)
  })

  it('one that coordinates again reads what its log has, and unloads what it had in memory', () => {
    const { world, member, old } = deposedCoordinator(SETTINGS)
    const waits = commit(world, old, 5n, member)
    world.cluster.admin.moveCoordinator(GROUP, old)
    expect(waits.errors).toEqual(['NOT_COORDINATOR'])
    expect(member.heartbeat()).toBe('NONE')
    world.clock.advance(LOAD_MS)
    expect(groupCoordinator(world)).toBe(old)
    expect(member.heartbeat()).toBe('NONE')
  })

  it('a transaction cannot be ended there; its successor knows it and ends it', () => {
    const world = worldOf()
    const { admin } = world.cluster
    const id = 'tx'
    const old = admin.transactionCoordinator(id) ?? 0
    const init = (broker: number): Call<'InitProducerId'> =>
      world
        .connect('p', broker)
        .call('InitProducerId', 4, { transactionalId: id, transactionTimeoutMs: 60_000 })
    const first = init(old)
    world.clock.advance(REPLICATED_MS)
    expect(first.error).toBe('NONE')
    const { producerId, producerEpoch } = first.answer
    const add = world.connect('p', old).call('AddPartitionsToTxn', 3, {
      v3AndBelowTransactionalId: id,
      v3AndBelowProducerId: producerId,
      v3AndBelowProducerEpoch: producerEpoch,
      v3AndBelowTopics: [{ name: 't', partitions: [0] }],
    })
    world.clock.advance(REPLICATED_MS)
    expect(add.errors).toEqual(['NONE'])
    admin.holdMetadata(old, true)
    admin.moveTransactionCoordinator(id)
    world.clock.advance(LOAD_MS)
    const next = admin.transactionCoordinator(id) ?? 0
    const end = (broker: number): Call<'EndTxn'> =>
      world
        .connect('p', broker)
        .call('EndTxn', 3, { transactionalId: id, producerId, producerEpoch, committed: true })
    const there = end(old)
    const again = end(old)
    expect([there.pending, again.error]).toEqual([true, 'CONCURRENT_TRANSACTIONS'])
    const here = end(next)
    world.clock.advance(2 * LAG_MS)
    expect(here.error).toBe('NONE')
    world.cluster.admin.holdMetadata(old, false)
    expect(there.error).toBe('NOT_COORDINATOR')
    expect(end(old).error).toBe('NOT_COORDINATOR')
  })
})
