import { describe, expect, it } from 'vitest'
import type { Observation } from '../../core/history.ts'
import type { ProbeWorld } from '../probe/world.ts'
import { GROUP, REBALANCE_MS, SESSION_MS, stabilize, TestMember } from '../testing/harness.ts'
import { groupCoordinator, LOAD_MS, oneCopy } from '../testing/worlds.ts'

const _SETTINGS = { 'group.initial.rebalance.delay.ms': 0, 'onceover.coordinator.load.ms': LOAD_MS }

function member(world: ProbeWorld, process: string): TestMember {
  return new TestMember(world, process, { broker: groupCoordinator(world) })
}

function lost(world: ProbeWorld): (string | null)[] {
  return world.observations
    .filter(
      (each): each is Extract<Observation, { kind: 'member-removed' }> => each.kind === 'member-removed',
    )
    .filter(({ reason }) => reason === 'lost')
    .map(({ process }) => process)
}

/** Moves the coordinator and connects the members to the new one. */
function move(world: ProbeWorld, ...members: readonly TestMember[]): void {
  world.cluster.admin.moveCoordinator(GROUP)
  for (const each of members) each.reconnect(groupCoordinator(world))
}

describe('C: coordinators', () => {
  it('C1: the coordinator leads partition abs(hash(group)) % 50 of __consumer_offsets; all others refuse', () => {
    const world = oneCopy({ partitions: 2, brokers: 3 })
    // "g".hashCode() is 103, and partition 3 of three brokers is led by broker 0.
    expect(groupCoordinator(world)).toBe(0)
    for (const [group, broker] of [
      ['billing', (Math.abs(-109829509) % 50) % 3],
      ['g', (103 % 50) % 3],
    ] as const) {
      const { answer } = world.connect('a', 1).call('FindCoordinator', 2, { key: group, keyType: 0 })
      expect([answer.nodeId, answer.host]).toEqual([broker, `broker-${broker}`])
    }
    const stranger = new TestMember(world, 'a', { broker: 1 })
    expect(stranger.join().error).toBe('NOT_COORDINATOR')
    expect(stranger.heartbeat()).toBe('NOT_COORDINATOR')
    expect(stranger.sync().error).toBe('NOT_COORDINATOR')
    const { error, errors } = stranger.leave()
    expect([error, errors]).toEqual(['NOT_COORDINATOR', ['NOT_COORDINATOR']])
    expect(stranger.commit(1n)).toBe('NOT_COORDINATOR')
    const { connection } = stranger
    expect(connection.call('OffsetFetch', 5, { groupId: GROUP, topics: null }).error).toBe('NOT_COORDINATOR')
    expect(connection.call('DescribeGroups', 4, { groups: [GROUP] }).errors).toEqual(['NOT_COORDINATOR'])
    expect(connection.call('DeleteGroups', 1, { groupsNames: [GROUP] }).errors).toEqual(['NOT_COORDINATOR'])
  })

  it('C2: a new coordinator loads first; only heartbeats are answered as if all were well', () => {
    const world = oneCopy({ partitions: 2, brokers: 2 })
    const a = member(world, 'a')
    stabilize(world, [a])
    a.commit(5n)
    move(world, a)
    expect(a.join().error).toBe('COORDINATOR_LOAD_IN_PROGRESS')
    expect(a.sync().error).toBe('COORDINATOR_LOAD_IN_PROGRESS')
    expect(a.commit(6n)).toBe('COORDINATOR_LOAD_IN_PROGRESS')
    expect(a.connection.call('ListGroups', 2, {}).error).toBe('COORDINATOR_LOAD_IN_PROGRESS')
    expect(a.heartbeat()).toBe('NONE')
    world.clock.advance(LOAD_MS - 1)
    expect(a.commit(6n)).toBe('COORDINATOR_LOAD_IN_PROGRESS')
    world.clock.advance(1)
    expect(a.heartbeat()).toBe('NONE')
    expect(world.cluster.admin.committed(GROUP, 't', 0)).toBe(5n)
    expect(a.commit(6n)).toBe('NONE')
    expect(world.cluster.admin.group(GROUP)).toMatchObject({
      state: 'Stable',
      generation: 1,
      members: [{ partitions: [{ topic: 't', partition: 0 }] }],
    })
    expect(world.cluster.admin.committed(GROUP, 't', 0)).toBe(6n)
  })

  it('C2: sessions start again when the load is done, however long it takes, each time', () => {
    const loadMs = 15_000
    const world = oneCopy({ partitions: 2, brokers: 3, settings: { 'onceover.coordinator.load.ms': loadMs } })
    const a = member(world, 'a')
    stabilize(world, [a])
    world.clock.advance(SESSION_MS - 1)
    for (let moves = 0; moves < 2; moves += 1) {
      move(world, a)
      world.clock.advance(loadMs + SESSION_MS - 1)
      expect(world.cluster.admin.group(GROUP)?.members).toHaveLength(1)
    }
    world.clock.advance(1)
    expect(world.cluster.admin.group(GROUP)?.members).toHaveLength(0)
    expect(a.heartbeat()).toBe('UNKNOWN_MEMBER_ID')
  })

  it('C2: with one broker the group reloads in place', () => {
    const world = oneCopy({ partitions: 2 })
    const a = member(world, 'a')
    stabilize(world, [a])
    world.cluster.admin.moveCoordinator(GROUP)
    expect(a.commit(1n)).toBe('COORDINATOR_LOAD_IN_PROGRESS')
    world.clock.advance(LOAD_MS)
    expect(a.heartbeat()).toBe('NONE')
  })

  it('C3: joins and syncs that wait are answered NOT_COORDINATOR, and what was not in the log is lost', () => {
    const world = oneCopy({ partitions: 2, brokers: 2 })
    const [a, b] = [member(world, 'a'), member(world, 'b')]
    stabilize(world, [a])
    const joining = b.join()
    expect(a.heartbeat()).toBe('REBALANCE_IN_PROGRESS')
    move(world, a, b)
    expect(joining.error).toBe('NOT_COORDINATOR')
    world.clock.advance(LOAD_MS)
    expect(lost(world)).toEqual(['b'])
    expect(b.join().error).toBe('UNKNOWN_MEMBER_ID')
    expect(a.heartbeat()).toBe('NONE')
    expect(world.cluster.admin.group(GROUP)).toMatchObject({ state: 'Stable', generation: 1 })
  })

  it('C3: a generation that was never synced is forgotten: its members have an illegal one', () => {
    const world = oneCopy({ partitions: 2, brokers: 2 })
    const [a, b] = [member(world, 'a'), member(world, 'b')]
    stabilize(world, [a])
    const [first, second] = [b.join(), a.join()]
    a.joined(second)
    b.joined(first)
    const waiting = b.sync()
    expect([a.generation, waiting.pending]).toEqual([2, true])
    move(world, a, b)
    expect(waiting.error).toBe('NOT_COORDINATOR')
    world.clock.advance(LOAD_MS)
    expect(a.heartbeat()).toBe('ILLEGAL_GENERATION')
    expect(b.heartbeat()).toBe('UNKNOWN_MEMBER_ID')
    expect(a.commit(1n)).toBe('ILLEGAL_GENERATION')
  })

  it('C3: a pending member is forgotten', () => {
    const world = oneCopy({ partitions: 2, brokers: 2 })
    const a = member(world, 'a')
    const body = {
      groupId: GROUP,
      sessionTimeoutMs: SESSION_MS,
      rebalanceTimeoutMs: REBALANCE_MS,
      memberId: '',
      protocolType: 'consumer',
      protocols: [{ name: 'range', metadata: Buffer.alloc(0) }],
    }
    const first = a.connection.call('JoinGroup', 5, body)
    expect(first.error).toBe('MEMBER_ID_REQUIRED')
    move(world, a)
    world.clock.advance(LOAD_MS)
    const second = a.connection.call('JoinGroup', 5, { ...body, memberId: first.answer.memberId })
    expect(second.error).toBe('UNKNOWN_MEMBER_ID')
  })

  it('C3: a member that left in a rebalance that was not completed is back, and an emptied group is not', () => {
    const world = oneCopy({ partitions: 2, brokers: 3 })
    const [a, b] = [member(world, 'a'), member(world, 'b')]
    stabilize(world, [a, b])
    b.leave()
    expect(b.heartbeat()).toBe('UNKNOWN_MEMBER_ID')
    move(world, a, b)
    world.clock.advance(LOAD_MS)
    expect(b.heartbeat()).toBe('NONE')
    a.leave()
    b.leave()
    expect(world.cluster.admin.group(GROUP)).toMatchObject({ state: 'Empty', generation: 2 })
    move(world, a, b)
    world.clock.advance(LOAD_MS)
    expect(world.cluster.admin.group(GROUP)).toMatchObject({ state: 'Empty', generation: 2, members: [] })
  })

  it('C3: the retention of an emptied group does not start again', () => {
    const world = oneCopy({ partitions: 2, brokers: 3 })
    const a = member(world, 'a')
    stabilize(world, [a])
    a.commit(1n)
    a.leave()
    world.clock.advance(7 * 86_400_000 - LOAD_MS)
    expect(world.cluster.admin.committed(GROUP, 't', 0)).toBe(1n)
    move(world, a)
    world.clock.advance(LOAD_MS + 600_000)
    expect(world.cluster.admin.committed(GROUP, 't', 0)).toBe(null)
  })

  it('a broker that stops hands its groups and partitions on; its connections are reset', () => {
    const world = oneCopy({ partitions: 2, brokers: 3 })
    const a = member(world, 'a')
    stabilize(world, [a])
    const old = groupCoordinator(world)
    const { admin } = world.cluster
    const led = admin.leader('t', 0)
    const { connection } = a
    admin.stopBroker(old)
    expect(connection.ended).toBe('reset')
    expect(groupCoordinator(world)).not.toBe(old)
    expect(admin.leader('t', 0)).not.toBe(led === old ? old : null)
    world.clock.advance(LOAD_MS)
    a.reconnect(groupCoordinator(world))
    expect(a.heartbeat()).toBe('NONE')
    expect(world.connect('late', old).ended).toBe('reset')
  })

  it('with one replica of the offsets topic a group waits for its broker, offsets and all', () => {
    const settings = { 'offsets.topic.replication.factor': 1 }
    const world = oneCopy({ partitions: 2, brokers: 3, settings })
    const a = member(world, 'a')
    stabilize(world, [a])
    expect(a.commit(5n)).toBe('NONE')
    const old = groupCoordinator(world)
    const { admin } = world.cluster
    admin.stopBroker(old)
    world.clock.advance(LOAD_MS)
    expect(admin.coordinator(GROUP)).toBe(null)
    const asking = world.connect('asking', (old + 1) % 3)
    const { error, answer } = asking.call('FindCoordinator', 2, { key: GROUP, keyType: 0 })
    expect([error, answer.nodeId]).toEqual(['COORDINATOR_NOT_AVAILABLE', -1])
    admin.startBroker(old)
    world.clock.advance(LOAD_MS)
    expect(groupCoordinator(world)).toBe(old)
    expect(admin.committed(GROUP, 't', 0)).toBe(5n)
    a.reconnect(old)
    expect(a.heartbeat()).toBe('NONE')
  })

  it('with its only broker down a group has no coordinator, and nobody is expired meanwhile', () => {
    const world = oneCopy({ partitions: 2 })
    const a = member(world, 'a')
    stabilize(world, [a])
    const { admin } = world.cluster
    admin.stopBroker(0)
    expect([admin.coordinator(GROUP), admin.leader('t', 0), admin.isUp(0)]).toEqual([null, null, false])
    world.clock.advance(10 * SESSION_MS)
    admin.startBroker(0)
    world.clock.advance(LOAD_MS)
    a.reconnect()
    expect(a.heartbeat()).toBe('NONE')
    world.clock.advance(SESSION_MS)
    expect(a.heartbeat()).toBe('UNKNOWN_MEMBER_ID')
  })

  it('a deleted group leaves no timer behind', () => {
    const world = oneCopy({ partitions: 2 })
    const a = member(world, 'a')
    stabilize(world, [a])
    a.leave()
    a.connection.close()
    const operator = world.connect('operator')
    expect(operator.call('DeleteGroups', 1, { groupsNames: [GROUP] }).errors).toEqual(['NONE'])
    expect(operator.call('DeleteGroups', 1, { groupsNames: [GROUP] }).errors).toEqual(['GROUP_ID_NOT_FOUND'])
    operator.close()
    expect(world.clock.pending).toBe(0)
  })
})
