import { describe, expect, it } from 'vitest'
import type { ProbeWorld } from '../probe/world.ts'
import { GROUP, REBALANCE_MS, SESSION_MS, stabilize, TestMember } from '../testing/harness.ts'
import { oneCopy } from '../testing/worlds.ts'
import { encodeSubscription, type RequestDraft } from '../wire/index.ts'

const _FAST = { 'group.initial.rebalance.delay.ms': 0 }

function view(world: ProbeWorld): { state: string; generation: number; members: number } | null {
  const group = world.cluster.admin.group(GROUP)
  return group && { state: group.state, generation: group.generation, members: group.members.length }
}

const otherMetadata = { protocols: [{ name: 'range', metadata: Buffer.from('other') }] }
const stickyOnly = { protocols: [{ name: 'sticky', metadata: Buffer.alloc(0) }] }

describe('G: classic groups', () => {
  it('G1: a first JoinGroup v4+ gets MEMBER_ID_REQUIRED and an id, which blocks the join until it expires', () => {
    const world = oneCopy()
    const first = new TestMember(world, 'a')
    stabilize(world, [first])
    const stranger = world.connect('b')
    const body = {
      groupId: GROUP,
      sessionTimeoutMs: SESSION_MS,
      rebalanceTimeoutMs: REBALANCE_MS,
      memberId: '',
      protocolType: 'consumer',
      protocols: [{ name: 'range', metadata: Buffer.alloc(0) }],
    }
    const refused = stranger.call('JoinGroup', 4, body)
    expect(refused.error).toBe('MEMBER_ID_REQUIRED')
    expect(refused.answer.memberId).not.toBe('')
    expect(view(world)).toMatchObject({ state: 'Stable', members: 1 })
    const rejoin = first.join()
    expect(rejoin.pending).toBe(true)
    world.clock.advance(SESSION_MS - 1)
    expect(rejoin.pending).toBe(true)
    world.clock.advance(1)
    expect(rejoin.error).toBe('NONE')
    expect(stranger.call('JoinGroup', 4, { ...body, memberId: refused.answer.memberId }).error).toBe(
      'UNKNOWN_MEMBER_ID',
    )
  })

  it('G1: versions before 4 join without an id', () => {
    const world = oneCopy()
    const member = new TestMember(world, 'a')
    const call = member.join({}, 3)
    world.clock.advance(0)
    expect(call.error).toBe('NONE')
    expect(call.answer.memberId).toBe(call.answer.leader)
  })

  it('G2: an empty group waits for more members, longer as they come, at most the rebalance timeout', () => {
    const world = oneCopy({ settings: { 'group.initial.rebalance.delay.ms': 3_000 } })
    const members = ['a', 'b', 'c', 'd', 'e'].map((name) => new TestMember(world, name))
    const joins = []
    for (const member of members.slice(0, 3)) {
      joins.push(member.join({ rebalanceTimeoutMs: 10_000 }))
      world.clock.advance(2_500)
    }
    // 7.5 s: the waits ended at 3 s and 6 s, each time with somebody new.
    expect(joins.every(({ pending }) => pending)).toBe(true)
    joins.push(members[3]?.join({ rebalanceTimeoutMs: 10_000 }))
    world.clock.advance(2_000)
    expect(joins[0]?.pending).toBe(true)
    world.clock.advance(500)
    expect(joins.map((join) => join?.error)).toEqual(['NONE', 'NONE', 'NONE', 'NONE'])
    expect(view(world)).toEqual({ state: 'CompletingRebalance', generation: 1, members: 4 })
  })

  it('G2: one member waits for the delay and no longer', () => {
    const world = oneCopy({ settings: { 'group.initial.rebalance.delay.ms': 3_000 } })
    const call = new TestMember(world, 'a').join()
    world.clock.advance(2_999)
    expect(call.pending).toBe(true)
    world.clock.advance(1)
    expect(call.error).toBe('NONE')
  })

  it('G3: a later rebalance ends when all have rejoined', () => {
    const world = oneCopy()
    const [a, b] = [new TestMember(world, 'a'), new TestMember(world, 'b')]
    stabilize(world, [a])
    const newcomer = b.join()
    expect(newcomer.pending).toBe(true)
    const rejoin = a.join()
    expect([newcomer.error, rejoin.error]).toEqual(['NONE', 'NONE'])
    expect(rejoin.answer).toMatchObject({ generationId: 2, leader: a.memberId })
    expect(rejoin.answer.members).toHaveLength(2)
    expect(newcomer.answer.members).toEqual([])
  })

  it('G3: who has not rejoined at the rebalance timeout is removed', () => {
    const world = oneCopy()
    const [a, b] = [new TestMember(world, 'a'), new TestMember(world, 'b')]
    stabilize(world, [a])
    const newcomer = b.join()
    for (let waitedMs = 0; waitedMs < REBALANCE_MS - 5_000; waitedMs += 5_000) {
      world.clock.advance(5_000)
      expect(a.heartbeat()).toBe('REBALANCE_IN_PROGRESS')
    }
    world.clock.advance(4_999)
    expect(newcomer.pending).toBe(true)
    world.clock.advance(1)
    expect(newcomer.error).toBe('NONE')
    expect(newcomer.answer.leader).toBe(newcomer.answer.memberId)
    expect(a.heartbeat()).toBe('UNKNOWN_MEMBER_ID')
    expect(world.observations).toContainEqual(
      expect.objectContaining({ kind: 'member-removed', process: 'a', reason: 'rebalance-timeout' }),
    )
  })

  it('G4: while a static member is all that is left and has not rejoined, the join is scheduled again', () => {
    const world = oneCopy()
    const [still, other] = [new TestMember(world, 'static'), new TestMember(world, 'b')]
    const longSession = { sessionTimeoutMs: 600_000 }
    const first = still.join({ ...longSession, groupInstanceId: 'i' })
    world.clock.advance(0)
    still.joined(first)
    still.sync([{ member: still, topics: [] }])
    const join = other.join()
    expect(join.pending).toBe(true)
    // Its own connection waits with the JoinGroup, so it leaves over another one.
    other.reconnect()
    expect(other.leave().errors).toEqual(['NONE', 'NONE'])
    expect(join.error).toBe('UNKNOWN_MEMBER_ID')
    world.clock.advance(REBALANCE_MS * 2)
    expect(view(world)).toMatchObject({ state: 'PreparingRebalance', generation: 1 })
    const rejoin = still.join({ ...longSession, groupInstanceId: 'i' })
    world.clock.advance(REBALANCE_MS)
    expect(rejoin.error).toBe('NONE')
    expect(rejoin.answer.generationId).toBe(2)
  })

  it('G5: a member that waits in JoinGroup is not expired by its session timer', () => {
    const world = oneCopy()
    const [a, b, c] = ['a', 'b', 'c'].map((name) => new TestMember(world, name)) as [
      TestMember,
      TestMember,
      TestMember,
    ]
    stabilize(world, [a, b])
    const newcomer = c.join()
    const waiting = a.join()
    for (let waitedMs = 0; waitedMs < 40_000; waitedMs += 5_000) {
      world.clock.advance(5_000)
      b.heartbeat()
    }
    expect([waiting.pending, newcomer.pending]).toEqual([true, true])
    b.join()
    expect(waiting.error).toBe('NONE')
    expect(newcomer.error).toBe('NONE')
  })

  it('G5: a member that waits in SyncGroup is not expired, and a new member that waits longer than 5 minutes is', () => {
    const world = oneCopy()
    const [a, b] = [new TestMember(world, 'a'), new TestMember(world, 'b')]
    const long = { rebalanceTimeoutMs: 1_000_000, sessionTimeoutMs: 1_000_000 }
    stabilize(world, [a])
    a.joined(a.join(long))
    a.sync([{ member: a, topics: [] }])
    const newcomer = b.join(long)
    world.clock.advance(299_999)
    expect(newcomer.pending).toBe(true)
    world.clock.advance(1)
    expect(newcomer.error).toBe('UNKNOWN_MEMBER_ID')
  })

  it('G6: the generation grows by one at every completed join, also when the group becomes empty', () => {
    const world = oneCopy()
    const a = new TestMember(world, 'a')
    stabilize(world, [a])
    expect(view(world)).toMatchObject({ state: 'Stable', generation: 1 })
    a.joined(a.join())
    expect(a.generation).toBe(2)
    expect(a.leave().errors).toEqual(['NONE', 'NONE'])
    expect(view(world)).toEqual({ state: 'Empty', generation: 3, members: 0 })
  })

  it('G7: followers wait in SyncGroup for the leader; a wrong generation is refused', () => {
    const world = oneCopy()
    const [a, b] = [new TestMember(world, 'a'), new TestMember(world, 'b')]
    stabilize(world, [a])
    const join = b.join()
    a.joined(a.join())
    b.joined(join)
    const parked = b.sync()
    expect(parked.pending).toBe(true)
    expect(a.sync([], { generationId: 1 }).error).toBe('ILLEGAL_GENERATION')
    expect(a.sync([], { memberId: 'nobody' }).error).toBe('UNKNOWN_MEMBER_ID')
    const topics = [{ topic: 't', partitions: [0, 1] }]
    expect(a.sync([{ member: b, topics }]).error).toBe('NONE')
    expect(parked.error).toBe('NONE')
    expect(parked.answer.assignment.length).toBeGreaterThan(0)
    expect(b.sync().answer.assignment).toEqual(parked.answer.assignment)
  })

  it('G7: a new rebalance answers parked SyncGroups REBALANCE_IN_PROGRESS', () => {
    const world = oneCopy()
    const [a, b, c] = [new TestMember(world, 'a'), new TestMember(world, 'b'), new TestMember(world, 'c')]
    stabilize(world, [a])
    const join = b.join()
    a.joined(a.join())
    b.joined(join)
    const parked = b.sync()
    c.join()
    expect(parked.error).toBe('REBALANCE_IN_PROGRESS')
    expect(a.sync().error).toBe('REBALANCE_IN_PROGRESS')
  })

  it('G7: members that never sync are removed after the rebalance timeout', () => {
    const world = oneCopy()
    const [a, b] = [new TestMember(world, 'a'), new TestMember(world, 'b')]
    stabilize(world, [a])
    const join = b.join()
    a.joined(a.join())
    b.joined(join)
    const parked = b.sync()
    for (let waitedMs = 0; waitedMs < REBALANCE_MS; waitedMs += 5_000) {
      expect(a.heartbeat()).toBe('NONE')
      world.clock.advance(5_000)
    }
    expect(a.heartbeat()).toBe('UNKNOWN_MEMBER_ID')
    expect(parked.error).toBe('REBALANCE_IN_PROGRESS')
    expect(view(world)).toMatchObject({ state: 'PreparingRebalance', members: 1 })
  })

  it('G8: before the leader syncs there is no assignment, and afterwards the group is Stable', () => {
    const world = oneCopy()
    const a = new TestMember(world, 'a')
    const call = a.join()
    world.clock.advance(0)
    a.joined(call)
    expect(view(world)).toMatchObject({ state: 'CompletingRebalance' })
    expect(world.cluster.admin.group(GROUP)?.members[0]?.partitions).toEqual([])
    a.sync([{ member: a, topics: [{ topic: 't', partitions: [2] }] }])
    expect(world.cluster.admin.group(GROUP)).toMatchObject({
      state: 'Stable',
      members: [{ process: 'a', partitions: [{ topic: 't', partition: 2 }] }],
    })
  })

  it('G9: heartbeats by state', () => {
    const world = oneCopy()
    const [a, b] = [new TestMember(world, 'a'), new TestMember(world, 'b')]
    expect(a.heartbeat({ memberId: 'x', generationId: 0 })).toBe('UNKNOWN_MEMBER_ID')
    stabilize(world, [a])
    expect(a.heartbeat()).toBe('NONE')
    expect(a.heartbeat({ generationId: 0 })).toBe('ILLEGAL_GENERATION')
    expect(a.heartbeat({ memberId: 'x' })).toBe('UNKNOWN_MEMBER_ID')
    const join = b.join()
    expect(a.heartbeat()).toBe('REBALANCE_IN_PROGRESS')
    world.clock.advance(SESSION_MS - 1)
    expect(a.heartbeat()).toBe('REBALANCE_IN_PROGRESS')
    world.clock.advance(SESSION_MS - 1)
    a.joined(a.join())
    b.joined(join)
    expect(view(world)).toMatchObject({ state: 'CompletingRebalance' })
    expect(a.heartbeat()).toBe('NONE')
    a.leave()
    b.leave()
    // Removed, and what is left is waited for.
    expect(view(world)).toMatchObject({ state: 'Empty' })
    expect(a.heartbeat()).toBe('UNKNOWN_MEMBER_ID')
  })

  it('G10: a session that expires removes its member; the zombie is unknown and the others rebalance', () => {
    const world = oneCopy()
    const [a, b] = [new TestMember(world, 'a'), new TestMember(world, 'b')]
    stabilize(world, [a, b])
    world.clock.advance(SESSION_MS - 1)
    expect(b.heartbeat()).toBe('NONE')
    expect(view(world)).toMatchObject({ state: 'Stable', members: 2 })
    world.clock.advance(1)
    expect(view(world)).toMatchObject({ state: 'PreparingRebalance', members: 1 })
    expect(a.heartbeat()).toBe('UNKNOWN_MEMBER_ID')
    expect(a.commit(1n)).toBe('UNKNOWN_MEMBER_ID')
    expect(a.sync().error).toBe('UNKNOWN_MEMBER_ID')
    expect(b.heartbeat()).toBe('REBALANCE_IN_PROGRESS')
    expect(world.observations).toContainEqual(
      expect.objectContaining({ kind: 'member-removed', process: 'a', reason: 'session-expired' }),
    )
  })

  it('G11: an unchanged follower gets the current generation, the leader and changed metadata rebalance', () => {
    const world = oneCopy()
    const [a, b] = [new TestMember(world, 'a'), new TestMember(world, 'b')]
    stabilize(world, [a])
    const join = b.join()
    a.joined(a.join())
    b.joined(join)
    b.sync()
    a.sync([])
    const again = b.join()
    expect(again.error).toBe('NONE')
    expect(again.answer).toMatchObject({ generationId: 2, leader: a.memberId, members: [] })
    expect(view(world)).toMatchObject({ state: 'Stable', generation: 2 })
    const changed = b.join(otherMetadata)
    expect(changed.pending).toBe(true)
    expect(a.heartbeat()).toBe('REBALANCE_IN_PROGRESS')
    a.joined(a.join())
    b.joined(changed)
    b.sync()
    a.sync([])
    expect(view(world)).toMatchObject({ state: 'Stable', generation: 3 })
    const leads = a.join()
    expect(leads.pending).toBe(true)
    expect(view(world)).toMatchObject({ state: 'PreparingRebalance' })
  })

  it('G12: protocols that do not fit, session timeouts out of range, a full group', () => {
    const world = oneCopy({ settings: { 'group.max.size': 2 } })
    const [a, b, c] = [new TestMember(world, 'a'), new TestMember(world, 'b'), new TestMember(world, 'c')]
    stabilize(world, [a])
    expect(b.join(stickyOnly).error).toBe('INCONSISTENT_GROUP_PROTOCOL')
    expect(b.join({ protocolType: 'connect' }).error).toBe('INCONSISTENT_GROUP_PROTOCOL')
    expect(b.join({ protocols: [] }).error).toBe('INCONSISTENT_GROUP_PROTOCOL')
    expect(b.join({ sessionTimeoutMs: 5_999 }).error).toBe('INVALID_SESSION_TIMEOUT')
    expect(b.join({ sessionTimeoutMs: 1_800_001 }).error).toBe('INVALID_SESSION_TIMEOUT')
    expect(b.join({ groupId: '' }).error).toBe('INVALID_GROUP_ID')
    const second = b.join()
    a.joined(a.join())
    b.joined(second)
    expect(c.join().error).toBe('GROUP_MAX_SIZE_REACHED')
    b.sync()
    a.sync()
    expect(c.join().error).toBe('GROUP_MAX_SIZE_REACHED')
    expect(view(world)).toMatchObject({ state: 'Stable', members: 2 })
  })

  it('G12: while a full group rebalances, the last one to join is turned away, though it was a member', () => {
    const world = oneCopy({ settings: { 'group.max.size': 2 } })
    const [a, b, c] = [new TestMember(world, 'a'), new TestMember(world, 'b'), new TestMember(world, 'c')]
    stabilize(world, [a, b])
    const leads = a.join()
    const newcomer = c.join()
    expect([leads.pending, newcomer.pending]).toEqual([true, true])
    expect(b.join().error).toBe('GROUP_MAX_SIZE_REACHED')
    expect(b.heartbeat()).toBe('UNKNOWN_MEMBER_ID')
    world.clock.advance(REBALANCE_MS)
    expect([leads.error, newcomer.error]).toEqual(['NONE', 'NONE'])
    expect(view(world)).toEqual({ state: 'CompletingRebalance', generation: 2, members: 2 })
  })

  it('G13: a member that only has an id and leaves makes a stable group rebalance', () => {
    const world = oneCopy()
    const a = new TestMember(world, 'a')
    stabilize(world, [a])
    const pending = world.connect('b').call('JoinGroup', 5, {
      groupId: GROUP,
      sessionTimeoutMs: SESSION_MS,
      rebalanceTimeoutMs: REBALANCE_MS,
      memberId: '',
      protocolType: 'consumer',
      protocols: [{ name: 'range', metadata: Buffer.alloc(0) }],
    })
    const members = [{ memberId: pending.answer.memberId }]
    const left = world.connect('b').call('LeaveGroup', 3, { groupId: GROUP, members })
    expect(left.errors).toEqual(['NONE', 'NONE'])
    expect(a.heartbeat()).toBe('REBALANCE_IN_PROGRESS')
  })

  it('G13: LeaveGroup removes at once and rebalances; from version 3 on several at a time', () => {
    const world = oneCopy()
    const names = ['a', 'b', 'c', 'd']
    const members = names.map((name) => new TestMember(world, name))
    stabilize(world, members)
    const operator = world.connect('operator')
    const [, b = '', c = '', d = ''] = members.map(({ memberId }) => memberId)
    expect(operator.call('LeaveGroup', 1, { groupId: GROUP, memberId: d }).error).toBe('NONE')
    expect(view(world)).toMatchObject({ state: 'PreparingRebalance', members: 3 })
    const batch = operator.call('LeaveGroup', 3, {
      groupId: GROUP,
      members: [{ memberId: b }, { memberId: 'nobody' }, { memberId: c }],
    })
    expect(batch.errors).toEqual(['NONE', 'NONE', 'UNKNOWN_MEMBER_ID', 'NONE'])
    expect(view(world)).toMatchObject({ members: 1 })
    expect(members[0]?.heartbeat()).toBe('REBALANCE_IN_PROGRESS')
    expect(operator.call('LeaveGroup', 1, { groupId: 'unknown', memberId: 'x' }).error).toBe(
      'UNKNOWN_MEMBER_ID',
    )
  })

  it('the protocol that most members prefer is chosen among those that all support', () => {
    const world = oneCopy()
    const metadata = encodeSubscription({ version: 0, topics: ['t'] })
    const with_ = (...list: string[]): RequestDraft<'JoinGroup'> => ({
      protocols: list.map((name) => ({ name, metadata })),
    })
    const [a, b, c] = [new TestMember(world, 'a'), new TestMember(world, 'b'), new TestMember(world, 'c')]
    const joins = [
      a.join(with_('range', 'sticky', 'mine')),
      b.join(with_('sticky', 'range')),
      c.join(with_('sticky', 'range')),
    ]
    world.clock.advance(0)
    expect(joins.map(({ answer }) => answer.protocolName)).toEqual(['sticky', 'sticky', 'sticky'])
  })
})
