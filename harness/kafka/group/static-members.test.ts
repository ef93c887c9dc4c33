import { describe, expect, it } from 'vitest'
import type { EventOf } from '../../core/history.ts'
import type { ProbeWorld } from '../probe/world.ts'
import { GROUP, SESSION_MS, stabilize, TestMember } from '../testing/harness.ts'
import { oneCopy } from '../testing/worlds.ts'
import { decodeAssignment, encodeSubscription, type RequestDraft } from '../wire/index.ts'

const byInstance = (groupInstanceId: string): { readonly groupInstanceId: string } => ({ groupInstanceId })

/** A static leader and a static follower in one stable generation. */
function staticPair(world: ProbeWorld): { leader: TestMember; follower: TestMember } {
  const [leader, follower] = [new TestMember(world, 'a'), new TestMember(world, 'b')]
  const calls = [leader.join(byInstance('one')), follower.join(byInstance('two'))]
  world.clock.advance(0)
  const rejoin = calls[0]?.pending ? null : calls[0]
  if (rejoin !== null && rejoin !== undefined) leader.joined(rejoin)
  if (calls[1]?.pending) leader.joined(leader.join(byInstance('one')))
  if (calls[1] !== undefined) follower.joined(calls[1])
  const parked = follower.sync()
  const assignments = [
    { member: leader, topics: [{ topic: 't', partitions: [0, 1] }] },
    { member: follower, topics: [{ topic: 't', partitions: [2] }] },
  ]
  expect(leader.sync(assignments).error).toBe('NONE')
  expect(parked.error).toBe('NONE')
  return { leader, follower }
}

describe('G14: static members', () => {
  it('G14: a first join needs no second round; the id is made of the instance id', () => {
    const world = oneCopy()
    const member = new TestMember(world, 'a')
    const call = member.join(byInstance('one'))
    world.clock.advance(0)
    expect(call.error).toBe('NONE')
    expect(call.answer.memberId).toMatch(/^one-/)
  })

  it('G14: who comes back without its id takes its place; nothing rebalances, and its assignment is still there', () => {
    const world = oneCopy()
    const { follower } = staticPair(world)
    const before = world.cluster.admin.group(GROUP)
    const again = new TestMember(world, 'b2')
    again.joined(again.join(byInstance('two')))
    expect(again.memberId).not.toBe(follower.memberId)
    expect(again.generation).toBe(follower.generation)
    const assignment = again.sync().answer.assignment
    expect(decodeAssignment(assignment)).toEqual([{ topic: 't', partitions: [2] }])
    const after = world.cluster.admin.group(GROUP)
    expect(after).toMatchObject({ state: 'Stable', generation: before?.generation })
    expect(after?.members.find(({ process }) => process === 'b2')?.partitions).toEqual([
      { topic: 't', partition: 2 },
    ])
    expect(after?.members).toHaveLength(2)
  })

  it('G14: the old id is FENCED_INSTANCE_ID in every request that names the instance, and unknown without', () => {
    const world = oneCopy()
    const { follower } = staticPair(world)
    new TestMember(world, 'b2').join(byInstance('two'))
    const old = byInstance('two')
    expect(follower.heartbeat(old)).toBe('FENCED_INSTANCE_ID')
    expect(follower.commit(1n, old)).toBe('FENCED_INSTANCE_ID')
    expect(follower.sync([], old).error).toBe('FENCED_INSTANCE_ID')
    expect(follower.join(old).error).toBe('FENCED_INSTANCE_ID')
    expect(follower.heartbeat()).toBe('UNKNOWN_MEMBER_ID')
    expect(follower.commit(1n)).toBe('UNKNOWN_MEMBER_ID')
  })

  it('G14: an instance id that nobody holds is UNKNOWN_MEMBER_ID, also beside a valid member id', () => {
    const world = oneCopy()
    const { follower } = staticPair(world)
    expect(follower.heartbeat(byInstance('three'))).toBe('UNKNOWN_MEMBER_ID')
    expect(follower.heartbeat(byInstance('two'))).toBe('NONE')
  })

  it('G14: a leader that comes back leads on; it is told so and spared the assignment from version 9 on', () => {
    const world = oneCopy()
    const { leader } = staticPair(world)
    const before9 = new TestMember(world, 'a2')
    const call = before9.join(byInstance('one'), 8)
    expect(call.answer).toMatchObject({ errorCode: 0, leader: leader.memberId, members: [] })
    expect(call.answer.memberId).not.toBe(leader.memberId)

    const from9 = new TestMember(world, 'a3').join(byInstance('one'), 9)
    expect(from9.answer).toMatchObject({ errorCode: 0, skipAssignment: true })
    expect(from9.answer.leader).toBe(from9.answer.memberId)
    expect(from9.answer.members).toHaveLength(2)
  })

  it('G14: a follower that comes back in version 9 is not told to skip anything', () => {
    const world = oneCopy()
    staticPair(world)
    const call = new TestMember(world, 'b2').join(byInstance('two'), 9)
    expect(call.answer).toMatchObject({ errorCode: 0, skipAssignment: false, members: [] })
  })

  it('G14: a static rejoin that changes the protocol of the group makes it rebalance', () => {
    const world = oneCopy()
    const metadata = encodeSubscription({ version: 0, topics: ['t'] })
    const both = [
      { name: 'range', metadata },
      { name: 'sticky', metadata },
    ]
    const member = new TestMember(world, 'a')
    const first = member.join({ ...byInstance('one'), protocols: both })
    world.clock.advance(0)
    member.joined(first)
    member.sync([{ member, topics: [] }])
    const again = new TestMember(world, 'a2')
    again.joined(again.join({ ...byInstance('one'), protocols: [...both].reverse() }))
    expect(again.generation).toBe(member.generation + 1)
  })

  it('G14: while the generation is being assigned, a static rejoin starts another one', () => {
    const world = oneCopy()
    const member = new TestMember(world, 'a')
    const first = member.join(byInstance('one'))
    world.clock.advance(0)
    member.joined(first)
    const again = new TestMember(world, 'a2')
    again.joined(again.join(byInstance('one')))
    expect(again.generation).toBe(member.generation + 1)
  })

  it('G14: a JoinGroup of the old id that waits is answered FENCED_INSTANCE_ID', () => {
    const world = oneCopy()
    const { follower } = staticPair(world)
    const other = new TestMember(world, 'c')
    other.join()
    const parked = follower.join(byInstance('two'))
    expect(parked.pending).toBe(true)
    new TestMember(world, 'b2').join(byInstance('two'))
    expect(parked.error).toBe('FENCED_INSTANCE_ID')
  })

  it('G13: static members are removed by their instance id alone, or fenced where the id does not fit', () => {
    const world = oneCopy()
    const { leader, follower } = staticPair(world)
    const leave = (members: RequestDraft<'LeaveGroup'>['members'] & object): string[] =>
      world.connect('op').call('LeaveGroup', 5, { groupId: GROUP, members }).errors.slice(1)
    expect(leave([{ memberId: leader.memberId, groupInstanceId: 'two' }])).toEqual(['FENCED_INSTANCE_ID'])
    expect(leave([{ memberId: '', groupInstanceId: 'three' }])).toEqual(['UNKNOWN_MEMBER_ID'])
    expect(leave([{ memberId: '', groupInstanceId: 'two', reason: 'operator' }])).toEqual(['NONE'])
    expect(follower.heartbeat(byInstance('two'))).toBe('UNKNOWN_MEMBER_ID')
    expect(leader.heartbeat(byInstance('one'))).toBe('REBALANCE_IN_PROGRESS')
  })

  it('G14: the session of the one that came back counts from there', () => {
    const world = oneCopy()
    staticPair(world)
    world.clock.advance(SESSION_MS - 1)
    const again = new TestMember(world, 'b2')
    again.joined(again.join(byInstance('two')))
    world.clock.advance(2)
    expect(world.cluster.admin.group(GROUP)?.members.map(({ process }) => process)).toEqual(['b2'])
  })

  it('C3: the new id outlives its coordinator', () => {
    const world = oneCopy()
    staticPair(world)
    const again = new TestMember(world, 'b2')
    again.joined(again.join(byInstance('two')))
    world.cluster.admin.moveCoordinator(GROUP)
    world.clock.advance(1_000)
    expect(again.heartbeat(byInstance('two'))).toBe('NONE')
    expect(world.cluster.admin.group(GROUP)?.members).toHaveLength(2)
  })

  it('the history tells who was fenced and who owns the partitions now', () => {
    const world = oneCopy()
    const { follower } = staticPair(world)
    const again = new TestMember(world, 'b2')
    again.joined(again.join(byInstance('two')))
    const [removed] = world.observations.filter((each) => each.kind === 'member-removed')
    expect(removed).toMatchObject({ memberId: follower.memberId, reason: 'fenced', process: 'b' })
    const assigned = world.observations.filter((each) => each.kind === 'assigned') as EventOf<'assigned'>[]
    expect(assigned.at(-1)).toMatchObject({
      memberId: again.memberId,
      generation: again.generation,
      partitions: [{ topic: 't', partition: 2 }],
      process: 'b2',
    })
    expect(again.commit(3n, byInstance('two'), { partitionIndex: 2 })).toBe('NONE')
    expect(world.observations.at(-1)).toMatchObject({ kind: 'commit', phase: 'applied', owner: 'b2' })
  })
})

describe('G15: cooperative rebalancing, as far as the broker is concerned', () => {
  it('G15: members learn of a rebalance while they own their partitions, and may commit until the next join ends', () => {
    const world = oneCopy()
    const [a, b] = [new TestMember(world, 'a'), new TestMember(world, 'b')]
    stabilize(world, [a])
    const newcomer = b.join()
    expect(a.heartbeat()).toBe('REBALANCE_IN_PROGRESS')
    expect(a.commit(1n)).toBe('NONE')
    const rejoin = a.join({
      protocols: [
        {
          name: 'range',
          metadata: encodeSubscription({
            version: 1,
            topics: ['t'],
            ownedPartitions: [{ topic: 't', partitions: [0] }],
          }),
        },
      ],
    })
    expect([newcomer.error, rejoin.error]).toEqual(['NONE', 'NONE'])
    a.joined(rejoin)
    expect(a.commit(2n)).toBe('REBALANCE_IN_PROGRESS')
    expect(rejoin.answer.members.map(({ memberId }) => memberId)).toContain(a.memberId)
  })
})
