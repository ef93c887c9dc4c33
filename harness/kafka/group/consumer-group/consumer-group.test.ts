import { describe, expect, it } from 'vitest'
import { createStream } from '../../../core/seed.ts'
import type { ProbeWorld } from '../../probe/world.ts'
import { GROUP, stabilize, TestMember } from '../../testing/harness.ts'
import { TestConsumer } from '../../testing/test-consumer.ts'
import { oneCopy } from '../../testing/worlds.ts'
import { decodeAssignment, encodeSubscription, type RequestDraft } from '../../wire/index.ts'

function worldWith(situation: Parameters<typeof oneCopy>[0] = {}): ProbeWorld {
  return oneCopy({ partitions: 4, ...situation })
}

function consumers<const Names extends readonly string[]>(
  world: ProbeWorld,
  ...names: Names
): { [Index in keyof Names]: TestConsumer } {
  return names.map((name) => new TestConsumer(world, name)) as { [Index in keyof Names]: TestConsumer }
}

/** Heartbeats of all, each reporting what it owns, until nothing moves. */
function settle(...members: TestConsumer[]): void {
  for (let round = 0; round < 6; round += 1) for (const member of members) member.report()
}

const state = (world: ProbeWorld): string | null => world.cluster.admin.groupState(GROUP)

describe('M1: joining a consumer group', () => {
  it('M1: with epoch 0 and nothing owned; the answer gives an epoch, the partitions and the interval', () => {
    const world = worldWith()
    const [a] = consumers(world, 'a')
    const call = a.join()
    expect(call.answer).toMatchObject({ memberId: 'id-a', memberEpoch: 1, heartbeatIntervalMs: 5_000 })
    expect(a.partitions).toEqual([0, 1, 2, 3])
    expect(state(world)).toBe('Stable')
  })

  it('M1: the answer to a first join may be lost: the same join again is answered again', () => {
    const [a] = consumers(worldWith(), 'a')
    a.join()
    expect(a.join().answer).toMatchObject({ errorCode: 0, memberEpoch: 1 })
    expect(a.partitions).toEqual([0, 1, 2, 3])
  })

  it('M1: without a rebalance timeout, a subscription or an empty list of partitions it is INVALID_REQUEST', () => {
    const [a] = consumers(worldWith(), 'a')
    expect(a.join({ rebalanceTimeoutMs: -1 }).error).toBe('INVALID_REQUEST')
    expect(a.join({ subscribedTopicNames: null }).error).toBe('INVALID_REQUEST')
    expect(a.join({ topicPartitions: null }).error).toBe('INVALID_REQUEST')
    expect(a.join({ memberEpoch: -3 }).error).toBe('INVALID_REQUEST')
    expect(a.join({ groupId: '' }).error).toBe('INVALID_REQUEST')
  })

  it('M1: version 0 is given an id, from version 1 on members name themselves', () => {
    const [a] = consumers(worldWith(), 'a')
    expect(a.join({ memberId: '' }).error).toBe('INVALID_REQUEST')
    const body = {
      memberId: '',
      memberEpoch: 0,
      rebalanceTimeoutMs: 1_000,
      subscribedTopicNames: ['t'],
      topicPartitions: [],
    }
    const call = a.call(body, 0)
    expect(call.error).toBe('NONE')
    expect(call.answer.memberId).toMatch(/^[\w-]{22}$/)
  })

  it('M1: a group that is not there is GROUP_ID_NOT_FOUND to all but joiners', () => {
    const [a] = consumers(worldWith(), 'a')
    expect(a.beat({ memberEpoch: 3 }).error).toBe('GROUP_ID_NOT_FOUND')
    expect(a.leave().error).toBe('GROUP_ID_NOT_FOUND')
  })

  it('M1: who subscribes to a topic that does not exist yet gets it once it does', () => {
    const world = worldWith()
    const [a] = consumers(world, 'a')
    a.join({ subscribedTopicNames: ['later'] })
    expect(a.partitions).toEqual([])
    world.cluster.admin.createTopic('later', { partitions: 2 })
    a.beat()
    expect(a.partitions).toEqual([0, 1])
    world.cluster.admin.addPartitions('later', 1)
    a.beat()
    expect(a.partitions).toEqual([0, 1, 2])
    expect(a.epoch).toBe(3)
  })

  it('M1: partitions of a topic that is deleted are given up, those of its successor assigned', () => {
    const world = worldWith()
    const [a] = consumers(world, 'a')
    a.join()
    const before = [...a.owned.keys()]
    a.connection.call('DeleteTopics', 3, { topicNames: ['t'], timeoutMs: 1_000 })
    world.clock.advance(5_000)
    settle(a)
    expect(a.partitions).toEqual([])
    world.cluster.admin.createTopic('t', { partitions: 2 })
    settle(a)
    expect(a.partitions).toEqual([0, 1])
    expect([...a.owned.keys()]).not.toEqual(before)
  })

  it('M1: group.consumer.max.size turns new members away', () => {
    const [a, b] = consumers(worldWith({ settings: { 'group.consumer.max.size': 1 } }), 'a', 'b')
    a.join()
    expect(b.join().error).toBe('GROUP_MAX_SIZE_REACHED')
    expect(a.beat().error).toBe('NONE')
  })
})

describe('M2: member epochs', () => {
  it('M2: a greater epoch than the own is FENCED_MEMBER_EPOCH', () => {
    const [a] = consumers(worldWith(), 'a')
    a.join()
    expect(a.call({ memberEpoch: 2 }).error).toBe('FENCED_MEMBER_EPOCH')
  })

  it('M2: the previous epoch is accepted from who owns no more than it was given', () => {
    const world = worldWith()
    const [a, b] = consumers(world, 'a', 'b')
    a.join()
    const [topicId = ''] = a.owned.keys()
    b.join()
    a.report()
    a.report()
    expect(a.epoch).toBe(2)
    const owns = (...partitions: number[]): RequestDraft<'ConsumerGroupHeartbeat'> => ({
      memberEpoch: 1,
      topicPartitions: [{ topicId, partitions }],
    })
    expect(a.call(owns(...a.partitions)).answer).toMatchObject({ errorCode: 0, memberEpoch: 2 })
    expect(a.call(owns(0, 1, 2, 3)).error).toBe('FENCED_MEMBER_EPOCH')
    expect(a.call({ memberEpoch: 1 }).error).toBe('FENCED_MEMBER_EPOCH')
  })

  it('M2: an older epoch is fenced, and so is a member that joins again while the coordinator still has it', () => {
    const world = worldWith()
    const [a, b, c] = consumers(world, 'a', 'b', 'c')
    a.join()
    b.join()
    settle(a, b)
    c.join()
    settle(a, b, c)
    expect(a.epoch).toBe(3)
    expect(a.call({ memberEpoch: 1, topicPartitions: [] }).error).toBe('FENCED_MEMBER_EPOCH')
    expect(a.join().error).toBe('FENCED_MEMBER_EPOCH')
  })
})

describe('M3: static members', () => {
  const one = { instanceId: 'one' }

  it('M3: an instance id that is in use is UNRELEASED_INSTANCE_ID', () => {
    const [a, b] = consumers(worldWith(), 'a', 'b')
    a.join(one)
    expect(b.join(one).error).toBe('UNRELEASED_INSTANCE_ID')
  })

  it('M3: after a leave with epoch −2 another process takes its place, its partitions and its epoch', () => {
    const world = worldWith()
    const [a, b, other] = consumers(world, 'a', 'b', 'other')
    a.join(one)
    other.join()
    settle(a, other)
    const had = a.partitions
    const { epoch } = a
    expect(a.leave(-2, one).answer).toMatchObject({ errorCode: 0, memberEpoch: -2 })
    expect(b.join(one).answer).toMatchObject({ errorCode: 0, memberEpoch: epoch })
    expect(b.partitions).toEqual(had)
    expect(state(world)).toBe('Stable')
    expect(a.beat(one).error).toBe('FENCED_INSTANCE_ID')
    expect(a.beat().error).toBe('UNKNOWN_MEMBER_ID')
    expect(a.leave(-1, one).error).toBe('FENCED_INSTANCE_ID')
  })

  it('M3: who stays away loses its partitions when its session ends', () => {
    const world = worldWith()
    const [a, other] = consumers(world, 'a', 'other')
    a.join(one)
    other.join()
    settle(a, other)
    a.leave(-2, one)
    for (let waitedMs = 0; waitedMs < 45_000; waitedMs += 5_000) {
      other.report()
      expect(other.partitions).toHaveLength(2)
      world.clock.advance(5_000)
    }
    other.report()
    expect(other.partitions).toEqual([0, 1, 2, 3])
  })

  it('M3: a member that becomes a static one waits for the next epoch', () => {
    const world = worldWith()
    const [a, b, c] = consumers(world, 'a', 'b', 'c')
    a.join()
    b.join()
    expect(b.join(one).answer).toMatchObject({ errorCode: 0, memberEpoch: 2 })
    settle(a, b)
    expect([a.partitions, b.partitions]).toEqual([[0, 1], []])
    c.join()
    settle(a, b, c)
    expect(b.partitions).not.toEqual([])
  })

  it('M3: −2 without an instance id is INVALID_REQUEST, an unknown instance id UNKNOWN_MEMBER_ID', () => {
    const [a] = consumers(worldWith(), 'a')
    a.join(one)
    expect(a.leave(-2).error).toBe('INVALID_REQUEST')
    expect(a.beat({ instanceId: 'two' }).error).toBe('UNKNOWN_MEMBER_ID')
  })
})

describe('M4: reconciliation', () => {
  it('M4: a partition is handed out only after its owner has stopped reporting it', () => {
    const world = worldWith()
    const [a, b] = consumers(world, 'a', 'b')
    a.join()
    const before = new Map(a.owned)
    b.join()
    expect([b.epoch, b.partitions]).toEqual([2, []])
    expect(state(world)).toBe('Reconciling')
    a.report()
    expect([a.epoch, a.partitions]).toEqual([1, [0, 1]])
    b.report()
    expect(b.partitions).toEqual([])
    // It was told, and still reports all four.
    a.beat({ topicPartitions: [...before].map(([topicId, partitions]) => ({ topicId, partitions })) })
    b.report()
    expect([a.epoch, b.partitions]).toEqual([1, []])
    a.report()
    expect(a.epoch).toBe(2)
    b.report()
    expect([b.epoch, b.partitions]).toEqual([2, [2, 3]])
    expect(state(world)).toBe('Stable')
  })

  it('M4: a heartbeat that says nothing about partitions gives none up', () => {
    const [a, b] = consumers(worldWith(), 'a', 'b')
    a.join()
    b.join()
    a.beat()
    a.beat()
    expect(a.epoch).toBe(1)
    b.beat()
    expect(b.partitions).toEqual([])
  })

  it('M4, M5: who has not given up its partitions within its rebalance timeout is removed', () => {
    const world = worldWith()
    const [a, b] = consumers(world, 'a', 'b')
    a.join({ rebalanceTimeoutMs: 12_000 })
    b.join()
    a.beat()
    for (let waitedMs = 0; waitedMs < 12_000; waitedMs += 3_000) {
      expect(a.call().error).toBe('NONE')
      world.clock.advance(3_000)
    }
    expect(a.call().error).toBe('UNKNOWN_MEMBER_ID')
    b.report()
    expect(b.partitions).toEqual([0, 1, 2, 3])
  })

  it('M4: at no time do two members have a partition, whatever comes and goes', () => {
    const random = createStream('reconciliation')
    const world = worldWith({ partitions: 7 })
    const members = consumers(world, 'a', 'b', 'c', 'd', 'e')
    const inside = new Set<TestConsumer>()
    for (let step = 0; step < 600; step += 1) {
      const member = random.pick(members)
      if (!inside.has(member)) {
        if (random.oneIn(1, 4) && member.join().error === 'NONE') inside.add(member)
      } else if (random.oneIn(1, 12)) {
        expect(member.leave().error).toBe('NONE')
        inside.delete(member)
        member.owned = new Map()
      } else if (random.oneIn(1, 3)) member.beat()
      else member.report()
      world.clock.advance(10)
      const all = [...inside].flatMap(({ partitions }) => partitions)
      expect(new Set(all).size).toBe(all.length)
    }
    for (const member of members) if (!inside.has(member)) member.join()
    settle(...members)
    expect(members.flatMap(({ partitions }) => partitions).sort()).toEqual([0, 1, 2, 3, 4, 5, 6])
    expect(members.map(({ partitions }) => partitions.length).sort()).toEqual([1, 1, 1, 2, 2])
    expect(state(world)).toBe('Stable')
  })
})

describe('M5, M7: sessions', () => {
  it('M5, M7: group.consumer.session.timeout.ms without a heartbeat ends a membership: UNKNOWN_MEMBER_ID', () => {
    const world = worldWith({ settings: { 'group.consumer.session.timeout.ms': 20_000 } })
    const [a, b] = consumers(world, 'a', 'b')
    a.join()
    b.join()
    settle(a, b)
    world.clock.advance(15_000)
    b.report()
    world.clock.advance(5_000)
    expect(a.beat().error).toBe('UNKNOWN_MEMBER_ID')
    expect(state(world)).toBe('Assigning')
    b.report()
    expect(b.partitions).toEqual([0, 1, 2, 3])
    expect(a.commit(1n)).toBe('UNKNOWN_MEMBER_ID')
  })

  it('M7: who leaves is gone at once', () => {
    const world = worldWith()
    const [a, b] = consumers(world, 'a', 'b')
    a.join()
    b.join()
    settle(a, b)
    expect(a.leave().answer).toMatchObject({ errorCode: 0, memberEpoch: -1 })
    b.report()
    expect(b.partitions).toEqual([0, 1, 2, 3])
    b.leave()
    expect(state(world)).toBe('Empty')
  })
})

describe('M6: assignments are repeated where they may not have arrived', () => {
  it('M6: a short heartbeat brings none that is known; a full one does', () => {
    const [a] = consumers(worldWith(), 'a')
    a.join()
    expect(a.beat().answer.assignment).toBeNull()
    const full = { rebalanceTimeoutMs: 30_000, subscribedTopicNames: ['t'] }
    expect(a.report(full).answer.assignment).not.toBeNull()
  })
})

describe('M8: assignors and subscriptions', () => {
  it('M8: an assignor that the brokers do not have is UNSUPPORTED_ASSIGNOR', () => {
    const [a] = consumers(worldWith(), 'a')
    expect(a.join({ serverAssignor: 'sticky' }).error).toBe('UNSUPPORTED_ASSIGNOR')
    expect(a.join({ serverAssignor: 'range' }).error).toBe('NONE')
  })

  it('M8: the assignor that most members ask for assigns', () => {
    const world = worldWith()
    world.cluster.admin.createTopic('u', { partitions: 4 })
    const members = consumers(world, 'a', 'b', 'c')
    const topics = { subscribedTopicNames: ['t', 'u'] }
    for (const [index, member] of members.entries())
      member.join({ ...topics, serverAssignor: index === 0 ? 'uniform' : 'range' })
    settle(...members)
    // Range gives the same partitions of each topic to the same member.
    for (const { owned } of members) expect(new Set([...owned.values()].map(String)).size).toBe(1)
    const described = members[0].connection.call('ConsumerGroupDescribe', 1, { groupIds: [GROUP] })
    expect(described.answer.groups[0]).toMatchObject({ assignorName: 'range' })
  })

  it('M8: of two assignors that are asked for equally, the one that is new in the group assigns', () => {
    const [a, b] = consumers(worldWith({ partitions: 2 }), 'a', 'b')
    b.join({ serverAssignor: 'uniform' })
    a.join({ serverAssignor: 'range' })
    settle(a, b)
    expect([a.partitions, b.partitions]).toEqual([[0], [1]])
  })

  it('M8: members with different subscriptions get only what they subscribe to', () => {
    const world = worldWith()
    world.cluster.admin.createTopic('u', { partitions: 4 })
    const [a, b] = consumers(world, 'a', 'b')
    a.join({ subscribedTopicNames: ['t'] })
    b.join({ subscribedTopicNames: ['t', 'u'] })
    settle(a, b)
    expect([a.partitions.length, b.partitions.length]).toEqual([4, 4])
    expect(a.owned.size).toBe(1)
  })

  it('M8: an expression that cannot be read is INVALID_REGULAR_EXPRESSION', () => {
    const [a] = consumers(worldWith(), 'a')
    const call = a.join({ subscribedTopicNames: null, subscribedTopicRegex: 't(' })
    expect(call.error).toBe('INVALID_REGULAR_EXPRESSION')
  })

  it('M8: a join that is refused leaves no group behind', () => {
    const world = worldWith()
    const [a] = consumers(world, 'a')
    a.join({ subscribedTopicNames: null, subscribedTopicRegex: 't(' })
    expect(state(world)).toBeNull()
  })

  it('M8: an expression is resolved aside, must match the whole name, and finds new topics', () => {
    const world = worldWith()
    world.cluster.admin.createTopic('other-t', { partitions: 1 })
    const [a] = consumers(world, 'a')
    a.join({ subscribedTopicNames: null, subscribedTopicRegex: 't.*' })
    expect(a.partitions).toEqual([])
    world.clock.advance(0)
    a.beat()
    expect(a.partitions).toEqual([0, 1, 2, 3])
    world.cluster.admin.createTopic('tt', { partitions: 1 })
    world.clock.advance(10_001)
    a.beat()
    world.clock.advance(0)
    a.beat()
    expect(a.owned.size).toBe(2)
  })
})

describe('O12: offsets of consumer groups', () => {
  it('O12: a commit with another epoch than the member has is STALE_MEMBER_EPOCH', () => {
    const [a] = consumers(worldWith(), 'a')
    a.join()
    expect(a.commit(1n)).toBe('NONE')
    expect(a.commit(2n, { generationIdOrMemberEpoch: 0 })).toBe('STALE_MEMBER_EPOCH')
    expect(a.commit(2n, { generationIdOrMemberEpoch: 2 })).toBe('STALE_MEMBER_EPOCH')
    expect(a.commit(2n, { memberId: 'x' })).toBe('UNKNOWN_MEMBER_ID')
    expect(a.commit(2n, { memberId: '', generationIdOrMemberEpoch: -1 })).toBe('UNKNOWN_MEMBER_ID')
  })

  it('O12: members of the consumer protocol commit with version 9', () => {
    const [a] = consumers(worldWith(), 'a')
    a.join()
    expect(a.commit(1n, {}, 8)).toBe('UNSUPPORTED_VERSION')
  })

  it('O12: a commit does not keep a member of the consumer protocol alive', () => {
    const world = worldWith()
    const [a] = consumers(world, 'a')
    a.join()
    world.clock.advance(44_000)
    expect(a.commit(1n)).toBe('NONE')
    world.clock.advance(1_000)
    expect(a.commit(2n)).toBe('UNKNOWN_MEMBER_ID')
  })

  it('O12: OffsetFetch 9 with another epoch is STALE_MEMBER_EPOCH, and without an id is not looked at', () => {
    const [a] = consumers(worldWith(), 'a')
    a.join()
    a.commit(3n)
    const fetch = (memberId: string | null, memberEpoch: number): unknown => {
      const topics = [{ name: 't', partitionIndexes: [0] }]
      const groups = [{ groupId: GROUP, memberId, memberEpoch, topics }]
      const call = a.connection.call('OffsetFetch', 9, { groups, requireStable: false })
      return call.answer.groups[0]
    }
    const committed = { topics: [{ partitions: [{ committedOffset: 3n }] }] }
    expect(fetch(a.memberId, a.epoch)).toMatchObject({ errorCode: 0, ...committed })
    expect(fetch(null, -1)).toMatchObject({ errorCode: 0, ...committed })
    expect(fetch(a.memberId, 0)).toMatchObject({ errorCode: 113, topics: [] })
    expect(fetch('x', 1)).toMatchObject({ errorCode: 25, topics: [] })
  })

  it('O10: offsets of topics that nobody subscribes to expire, and those of an empty group', () => {
    const settings = { 'offsets.retention.minutes': 1, 'offsets.retention.check.interval.ms': 10_000 }
    const world = worldWith({ settings })
    world.cluster.admin.createTopic('u', { partitions: 1 })
    const [a] = consumers(world, 'a')
    a.join()
    const partitions = [{ partitionIndex: 0, committedOffset: 1n, committedMetadata: null }]
    a.commit(1n, { topics: ['t', 'u'].map((name) => ({ name, partitions })) })
    const beat = (ms: number): void => {
      for (let left = ms; left > 0; left -= 10_000) {
        world.clock.advance(10_000)
        a.beat()
      }
    }
    const committed = (): unknown[] =>
      ['t', 'u'].map((topic) => world.cluster.admin.committed(GROUP, topic, 0))
    beat(50_000)
    expect(committed()).toEqual([1n, 1n])
    beat(20_000)
    expect(committed()).toEqual([1n, null])
    a.leave()
    world.clock.advance(20_000)
    expect(committed()).toEqual([null, null])
    expect(state(world)).toBeNull()
  })

  it('O3: an operator commits where the group is empty', () => {
    const world = worldWith()
    const [a] = consumers(world, 'a')
    a.join()
    a.leave()
    expect(a.commit(7n, { memberId: '', generationIdOrMemberEpoch: -1 })).toBe('NONE')
    expect(world.cluster.admin.committed(GROUP, 't', 0)).toBe(7n)
  })
})

describe('consumer groups seen by operators', () => {
  it('ConsumerGroupDescribe tells epochs, members and both assignments', () => {
    const world = worldWith()
    const [a, b] = consumers(world, 'a', 'b')
    a.join({ rackId: 'r' })
    b.join()
    const call = a.connection.call('ConsumerGroupDescribe', 1, { groupIds: [GROUP, 'nobody', ''] })
    const [group, unknown, unnamed] = call.answer.groups
    expect(group).toMatchObject({
      errorCode: 0,
      groupState: 'Reconciling',
      groupEpoch: 2,
      assignmentEpoch: 2,
      assignorName: 'uniform',
    })
    const first = group?.members[0]
    expect(first).toMatchObject({
      memberId: 'id-a',
      rackId: 'r',
      memberEpoch: 1,
      subscribedTopicNames: ['t'],
      memberType: 1,
      assignment: { topicPartitions: [{ topicName: 't', partitions: [0, 1, 2, 3] }] },
      targetAssignment: { topicPartitions: [{ topicName: 't', partitions: [0, 1] }] },
    })
    expect([unknown?.errorCode, unnamed?.errorCode]).toEqual([69, 24])
  })

  it('ListGroups filters by type; DescribeGroups does not know it; DeleteGroups wants it empty', () => {
    const world = worldWith()
    const [a] = consumers(world, 'a')
    a.join()
    stabilize(world, [new TestMember(world, 'k', { group: 'old' })])
    const list = (typesFilter: readonly string[]): unknown =>
      a.connection
        .call('ListGroups', 5, { statesFilter: [], typesFilter })
        .answer.groups.map(({ groupId, groupType }) => `${groupId} ${groupType}`)
    expect(list([])).toEqual([`${GROUP} consumer`, 'old classic'])
    expect(list(['Consumer'])).toEqual([`${GROUP} consumer`])
    const describe5 = a.connection.call('DescribeGroups', 5, { groups: [GROUP] })
    expect(describe5.answer.groups[0]).toMatchObject({ errorCode: 0, groupState: 'Dead' })
    expect(a.connection.call('DescribeGroups', 6, { groups: [GROUP] }).errors).toEqual(['GROUP_ID_NOT_FOUND'])
    const remove = (): string[] => a.connection.call('DeleteGroups', 2, { groupsNames: [GROUP] }).errors
    expect(remove()).toEqual(['NON_EMPTY_GROUP'])
    a.leave()
    expect(remove()).toEqual(['NONE'])
  })
})

describe('C2, C3: consumer groups and their coordinators', () => {
  it('C2: the coordinator that takes over knows members, epochs and partitions, and sessions start again', () => {
    const world = worldWith({ brokers: 2 })
    const broker = world.cluster.admin.coordinator(GROUP) ?? 0
    const [a, b] = [new TestConsumer(world, 'a', { broker }), new TestConsumer(world, 'b', { broker })]
    a.join()
    b.join()
    settle(a, b)
    world.clock.advance(40_000)
    world.cluster.admin.moveCoordinator(GROUP)
    expect(a.beat().error).toBe('NOT_COORDINATOR')
    const next = world.cluster.admin.coordinator(GROUP) ?? 0
    const moved = new TestConsumer(world, 'a', { broker: next })
    moved.epoch = a.epoch
    moved.owned = a.owned
    expect(moved.report().error).toBe('COORDINATOR_LOAD_IN_PROGRESS')
    world.clock.advance(40_000)
    expect(moved.report().answer).toMatchObject({ errorCode: 0, memberEpoch: a.epoch })
    expect(world.cluster.admin.group(GROUP)?.members).toHaveLength(2)
    world.clock.advance(6_000)
    expect(world.cluster.admin.group(GROUP)?.members).toHaveLength(1)
  })
})

describe('M9: classic and consumer members in one group', () => {
  const metadata = (owned: readonly number[]): Buffer =>
    encodeSubscription({
      version: 1,
      topics: ['t'],
      ownedPartitions: [{ topic: 't', partitions: owned }],
    })
  const protocols = (...owned: number[]): RequestDraft<'JoinGroup'> => ({
    protocols: [{ name: 'range', metadata: metadata(owned) }],
  })
  const assigned = (body: { readonly assignment: Buffer }): unknown => decodeAssignment(body.assignment)

  it('M9: a classic group is converted when a member of the consumer protocol joins it, and keeps its assignment', () => {
    const world = worldWith()
    const old = new TestMember(world, 'old')
    stabilize(world, [old])
    const [a] = consumers(world, 'a')
    a.join()
    expect(a.epoch).toBe(2)
    expect(a.connection.call('ConsumerGroupDescribe', 1, { groupIds: [GROUP] }).errors).toEqual(['NONE'])
    expect(old.heartbeat()).toBe('REBALANCE_IN_PROGRESS')
    expect(old.commit(1n)).toBe('NONE')
    const rejoin = old.join(protocols(0))
    old.joined(rejoin)
    expect(rejoin.answer).toMatchObject({ generationId: 2, protocolName: 'range', leader: '', members: [] })
    expect(assigned(old.sync().answer)).toEqual([{ topic: 't', partitions: [0, 1] }])
    expect(old.heartbeat()).toBe('NONE')
    settle(a)
    expect(a.partitions).toEqual([2, 3])
    expect(state(world)).toBe('Stable')
  })

  it('M9: a classic member gives partitions up by joining twice', () => {
    const world = worldWith()
    const [a] = consumers(world, 'a')
    a.join()
    const old = new TestMember(world, 'old')
    old.joined(old.join(protocols()))
    expect(assigned(old.sync().answer)).toEqual([])
    settle(a)
    expect(old.heartbeat()).toBe('REBALANCE_IN_PROGRESS')
    old.joined(old.join(protocols()))
    expect(assigned(old.sync().answer)).toEqual([{ topic: 't', partitions: [2, 3] }])
    const [b, c] = consumers(world, 'b', 'c')
    b.join()
    c.join()
    expect(old.heartbeat()).toBe('REBALANCE_IN_PROGRESS')
    old.joined(old.join(protocols(2, 3)))
    const kept = assigned(old.sync().answer) as { partitions: number[] }[]
    expect(kept[0]?.partitions).toHaveLength(1)
    expect(old.heartbeat()).toBe('REBALANCE_IN_PROGRESS')
    old.joined(old.join(protocols(...(kept[0]?.partitions ?? []))))
    settle(a, b, c)
    expect(b.partitions).toHaveLength(1)
    expect(c.partitions).toHaveLength(1)
  })

  it('M9: when the last member of the consumer protocol leaves, the group is classic again and rebalances', () => {
    const world = worldWith()
    const old = new TestMember(world, 'old')
    stabilize(world, [old])
    const [a] = consumers(world, 'a')
    a.join()
    old.joined(old.join(protocols(0)))
    old.sync()
    settle(a)
    a.leave()
    expect(state(world)).toBe('PreparingRebalance')
    expect(old.heartbeat()).toBe('REBALANCE_IN_PROGRESS')
    const rejoin = old.join(protocols(0, 1))
    old.joined(rejoin)
    expect(rejoin.answer.leader).toBe(old.memberId)
    expect(rejoin.answer.members).toHaveLength(1)
  })

  it('M9: a classic member that takes the place of the last static one of the consumer protocol makes the group classic', () => {
    const world = worldWith()
    const [a] = consumers(world, 'a')
    a.join({ instanceId: 'one' })
    const old = new TestMember(world, 'old')
    old.joined(old.join({ ...protocols(), groupInstanceId: 'one' }))
    expect(state(world)).toBe('Stable')
    expect(a.connection.call('ConsumerGroupDescribe', 1, { groupIds: [GROUP] }).errors).toEqual([
      'GROUP_ID_NOT_FOUND',
    ])
    expect(assigned(old.sync().answer)).toEqual([{ topic: 't', partitions: [0, 1, 2, 3] }])
    expect(old.heartbeat()).toBe('NONE')
  })

  it('M9: a static member that changes its protocol keeps what it had, and the group its epoch', () => {
    const world = worldWith()
    const old = new TestMember(world, 'old')
    const join = old.join({ groupInstanceId: 'one' })
    world.clock.advance(0)
    old.joined(join)
    old.sync([{ member: old, topics: [{ topic: 't', partitions: [1, 2] }] }])
    const [a] = consumers(world, 'a')
    expect(a.join({ instanceId: 'one' }).answer).toMatchObject({ memberEpoch: old.generation })
    expect(a.partitions).toEqual([1, 2])
  })

  it('M9: a join that waits is told to join again when the group is converted', () => {
    const world = worldWith()
    const [x, y] = [new TestMember(world, 'x'), new TestMember(world, 'y')]
    stabilize(world, [x])
    const waiting = y.join()
    expect(waiting.pending).toBe(true)
    consumers(world, 'a')[0].join()
    expect(waiting.error).toBe('REBALANCE_IN_PROGRESS')
  })

  it('M9: group.consumer.migration.policy disabled: the newcomer finds no group of its kind', () => {
    const world = worldWith({ settings: { 'group.consumer.migration.policy': 'disabled' } })
    stabilize(world, [new TestMember(world, 'old')])
    expect(consumers(world, 'a')[0].join().error).toBe('GROUP_ID_NOT_FOUND')
  })

  it('M9: an empty group takes the protocol of who joins it, and keeps its offsets', () => {
    const world = worldWith()
    const old = new TestMember(world, 'old')
    stabilize(world, [old])
    old.commit(5n)
    old.leave()
    const [a] = consumers(world, 'a')
    expect(a.join().answer).toMatchObject({ errorCode: 0, memberEpoch: 1 })
    expect(world.cluster.admin.committed(GROUP, 't', 0)).toBe(5n)
    a.leave()
    stabilize(world, [new TestMember(world, 'next')])
    expect(world.cluster.admin.committed(GROUP, 't', 0)).toBe(5n)
    expect(state(world)).toBe('Stable')
  })
})

describe('the history of a consumer group', () => {
  it('tells epochs, members and assignments in the words of classic groups', () => {
    const world = worldWith()
    const [a, b] = consumers(world, 'a', 'b')
    a.join()
    b.join()
    settle(a, b)
    a.leave()
    const told = world.observations.flatMap((event) => {
      switch (event.kind) {
        case 'member-joined':
          return [`${event.process} joined`]
        case 'member-removed':
          return [`${event.process} ${event.reason}`]
        case 'generation':
          return [`epoch ${event.generation}`]
        case 'assigned':
          return [
            `${event.process}@${event.generation} ${event.partitions.map(({ partition }) => partition)}`,
          ]
        default:
          return []
      }
    })
    expect(told).toEqual([
      'a joined',
      'epoch 1',
      'a@1 0,1,2,3',
      'b joined',
      'epoch 2',
      'b@2 ',
      'a@1 0,1',
      'a@2 0,1',
      'b@2 2,3',
      'a left',
    ])
  })

  it('names the owner of a partition until it has given it up', () => {
    const world = worldWith()
    const [a, b] = consumers(world, 'a', 'b')
    a.join()
    b.join()
    a.report()
    const owner = (by: TestConsumer): unknown => {
      const partitions = [{ partitionIndex: 3, committedOffset: 1n, committedMetadata: null }]
      expect(by.commit(1n, { topics: [{ name: 't', partitions }] })).toBe('NONE')
      const last = world.observations.at(-1)
      return last?.kind === 'commit' ? last.owner : undefined
    }
    expect(owner(a)).toBe('a')
    a.report()
    expect(owner(b)).toBeNull()
    b.report()
    expect(owner(a)).toBe('b')
  })
})
