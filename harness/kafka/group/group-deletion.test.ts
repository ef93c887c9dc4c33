import { describe, expect, it } from 'vitest'
import type { Line } from '../probe/line.ts'
import type { ProbeWorld } from '../probe/world.ts'
import { GROUP, TestMember } from '../testing/harness.ts'
import { groupCoordinator, REPLICATED_MS, replicated } from '../testing/worlds.ts'
import type { RequestDraft } from '../wire/index.ts'

/** A cluster in which a member's writes take a while to reach another replica. */
function slowToReplicate(): { world: ProbeWorld; member: TestMember; admin: Line } {
  const world = replicated({ brokers: 2, factor: 2, partitions: 2 })
  const broker = groupCoordinator(world)
  return { world, member: new TestMember(world, 'a', { broker }), admin: world.connect('admin', broker) }
}

/** Alone in a stable generation. */
function stable(world: ProbeWorld, member: TestMember): void {
  const call = member.join()
  world.clock.advance(REPLICATED_MS)
  member.joined(call)
  member.sync([{ member, topics: [{ topic: 't', partitions: [0, 1] }] }])
  world.clock.advance(REPLICATED_MS)
}

const commitBody = (member: TestMember): RequestDraft<'OffsetCommit'> => ({
  groupId: GROUP,
  generationIdOrMemberEpoch: member.generation,
  memberId: member.memberId,
  topics: [{ name: 't', partitions: [{ partitionIndex: 0, committedOffset: 5n, committedMetadata: null }] }],
})

/** The groups that are listed, and what is committed in t/0. */
function seen(admin: Line): unknown[] {
  const { groups } = admin.call('ListGroups', 4, { statesFilter: [] }).answer
  const { topics } = admin.call('OffsetFetch', 5, { groupId: GROUP, topics: null }).answer
  return [
    groups.map(({ groupId, groupState }) => `${groupId} ${groupState}`),
    topics.flatMap(({ partitions }) => partitions.map(({ committedOffset }) => committedOffset)),
  ]
}

describe('DeleteGroups while what the group wrote last is being replicated', () => {
  it('a group whose last member has just left stays deleted', () => {
    const { world, member, admin } = slowToReplicate()
    stable(world, member)
    member.connection.call('OffsetCommit', 7, commitBody(member))
    world.clock.advance(REPLICATED_MS)
    member.leave()
    const call = admin.call('DeleteGroups', 1, { groupsNames: [GROUP] })
    const other = world.connect('other', world.cluster.admin.coordinator(GROUP) ?? 0)
    expect([call.pending, seen(other)[0]]).toEqual([true, []])
    world.clock.advance(REPLICATED_MS)
    expect([call.errors, seen(admin)]).toEqual([['NONE'], [[], []]])
  })

  it('a commit that is on its way goes with it', () => {
    const { world, member, admin } = slowToReplicate()
    stable(world, member)
    const commit = member.connection.call('OffsetCommit', 7, commitBody(member))
    world.connect('b', world.cluster.admin.coordinator(GROUP) ?? 0).call('LeaveGroup', 3, {
      groupId: GROUP,
      members: [{ memberId: member.memberId }],
    })
    const call = admin.call('DeleteGroups', 1, { groupsNames: [GROUP] })
    expect(commit.pending).toBe(true)
    world.clock.advance(REPLICATED_MS)
    expect([commit.errors, call.errors, seen(admin)]).toEqual([['NONE'], ['NONE'], [[], []]])
  })

  it('whoever joins meanwhile is in a group of its own, which stays', () => {
    const { world, member, admin } = slowToReplicate()
    stable(world, member)
    member.leave()
    const call = admin.call('DeleteGroups', 1, { groupsNames: [GROUP] })
    const next = new TestMember(world, 'b', { broker: world.cluster.admin.coordinator(GROUP) ?? 0 })
    const joined = next.join()
    world.clock.advance(REPLICATED_MS)
    next.joined(joined)
    expect([call.errors, next.generation, seen(admin)[0]]).toEqual([
      ['NONE'],
      1,
      [`${GROUP} CompletingRebalance`],
    ])
  })

  it('and the next coordinator does not know of it either', () => {
    const { world, member, admin } = slowToReplicate()
    stable(world, member)
    member.leave()
    admin.call('DeleteGroups', 1, { groupsNames: [GROUP] })
    world.clock.advance(REPLICATED_MS)
    world.cluster.admin.moveCoordinator(GROUP)
    world.clock.advance(1_000)
    const broker = world.cluster.admin.coordinator(GROUP) ?? 0
    expect(seen(world.connect('admin', broker))).toEqual([[], []])
  })
})
