import { describe, expect, it } from 'vitest'
import { OFFSETS_TOPIC } from '../group/offsets-topic.ts'
import type { Line } from '../probe/line.ts'
import type { ProbeWorld } from '../probe/world.ts'
import { batchesIn, GROUP } from '../testing/harness.ts'
import { TestConsumer } from '../testing/test-consumer.ts'
import { LOAD_MS, oneCopy, REPLICATED_MS, replicated } from '../testing/worlds.ts'
import {
  type AnswerBody,
  type Body,
  decodeRecords,
  decodeStateRecord,
  OFFSETS_RECORDS,
} from '../wire/index.ts'

/** "g".hashCode() % 50. */
const PARTITION = 103 % 50
const TIMEOUT_MS = 5_000

/**
 * The records of the group's partition from this offset on: what each is about, and its content or
 * null.
 */
function records(world: ProbeWorld, fetchOffset = 0n): { batch: bigint; about: string; says: Body | null }[] {
  const call = world.connect('r', world.cluster.admin.coordinator(GROUP) ?? 0).call('Fetch', 11, {
    maxWaitMs: 0,
    minBytes: 1,
    maxBytes: 1_000_000,
    topics: [
      {
        topic: OFFSETS_TOPIC,
        partitions: [{ partition: PARTITION, fetchOffset, partitionMaxBytes: 1_000_000 }],
      },
    ],
  })
  return batchesIn(call).flatMap((batch) =>
    decodeRecords(batch).map(({ key, value }) => {
      const found = decodeStateRecord(OFFSETS_RECORDS, key ?? Buffer.alloc(0), value)
      const { groupId, memberId, regularExpression } = found?.key ?? {}
      const about = [found?.name.replace('ConsumerGroup', ''), groupId, memberId, regularExpression]
      return {
        batch: batch.baseOffset,
        about: about.filter((each) => each !== undefined).join(' '),
        says: found?.value ?? null,
      }
    }),
  )
}

/** The lines of the last batch, or of those from this offset on. */
function last(world: ProbeWorld, from?: bigint): string[] {
  const all = records(world)
  const start = from ?? all.at(-1)?.batch ?? 0n
  return all
    .filter(({ batch }) => batch >= start)
    .map(({ about, says }) => (says === null ? `- ${about}` : about))
}

function said(world: ProbeWorld, about: string): Body | null | undefined {
  return records(world).findLast((each) => each.about === about)?.says
}

function epoch(world: ProbeWorld): unknown {
  return said(world, 'Metadata g')?.epoch
}

function topicId(world: ProbeWorld): string {
  const call = world.connect('m', 0).call('Metadata', 12, { topics: null })
  return String(call.answer.topics.find(({ name }) => name === 't')?.topicId)
}

function described(world: ProbeWorld): AnswerBody<'ConsumerGroupDescribe'> {
  return world
    .connect('d', world.cluster.admin.coordinator(GROUP) ?? 0)
    .call('ConsumerGroupDescribe', 0, { groupIds: [GROUP] }).answer
}

const JOIN = {
  memberEpoch: 0,
  rebalanceTimeoutMs: 30_000,
  subscribedTopicNames: ['t'],
  topicPartitions: [],
}

/** A member of a group whose records wait for their replicas. */
function memberOf(world: ProbeWorld, process: string): TestConsumer {
  return new TestConsumer(world, process, { broker: world.cluster.admin.coordinator(GROUP) ?? 0 })
}

function joined(world: ProbeWorld, process: string): TestConsumer {
  const member = memberOf(world, process)
  const call = member.call(JOIN)
  world.clock.advance(REPLICATED_MS)
  expect(call.error).toBe('NONE')
  member.epoch = call.answer.memberEpoch
  return member
}

describe('a group of the consumer protocol stands in __consumer_offsets as Kafka’s own records', () => {
  it('a member that joins: its subscription, the epoch, the target, and what it has, in one batch', () => {
    const world = oneCopy({ partitions: 2 })
    new TestConsumer(world, 'a').join()
    expect(last(world, 0n)).toEqual([
      'MemberMetadata g id-a',
      'Metadata g',
      'TargetAssignmentMember g id-a',
      'TargetAssignmentMetadata g',
      'CurrentMemberAssignment g id-a',
    ])
    const partitions = [{ topicId: topicId(world), partitions: [0, 1] }]
    expect(said(world, 'MemberMetadata g id-a')).toMatchObject({
      instanceId: null,
      subscribedTopicNames: ['t'],
      rebalanceTimeoutMs: 30_000,
      serverAssignor: null,
      classicMemberMetadata: null,
    })
    expect(epoch(world)).toBe(1)
    expect(said(world, 'Metadata g')?.metadataHash).not.toBe(0n)
    expect(said(world, 'TargetAssignmentMember g id-a')).toEqual({ topicPartitions: partitions })
    expect(said(world, 'TargetAssignmentMetadata g')).toEqual({ assignmentEpoch: 1 })
    expect(said(world, 'CurrentMemberAssignment g id-a')).toEqual({
      memberEpoch: 1,
      previousMemberEpoch: 0,
      state: 0,
      assignedPartitions: partitions,
      partitionsPendingRevocation: [],
    })
  })

  it('only what has changed is written; a heartbeat that changes nothing writes nothing', () => {
    const world = oneCopy({ partitions: 2 })
    const [a, b] = [new TestConsumer(world, 'a'), new TestConsumer(world, 'b')]
    a.join()
    const { length } = records(world)
    a.beat()
    expect(records(world)).toHaveLength(length)
    b.join()
    expect(last(world)).toEqual([
      'MemberMetadata g id-b',
      'Metadata g',
      'TargetAssignmentMember g id-b',
      'TargetAssignmentMember g id-a',
      'TargetAssignmentMetadata g',
      'CurrentMemberAssignment g id-b',
    ])
    a.beat()
    expect(last(world)).toEqual(['CurrentMemberAssignment g id-a'])
    expect(said(world, 'CurrentMemberAssignment g id-a')).toMatchObject({ memberEpoch: 1, state: 1 })
    expect(said(world, 'CurrentMemberAssignment g id-b')).toMatchObject({ memberEpoch: 2, state: 2 })
  })

  it('a member that leaves, and a group that is deleted: tombstones', () => {
    const world = oneCopy({ partitions: 2 })
    const a = new TestConsumer(world, 'a')
    a.join()
    a.leave()
    expect(last(world)).toEqual([
      '- CurrentMemberAssignment g id-a',
      '- TargetAssignmentMember g id-a',
      '- MemberMetadata g id-a',
      'Metadata g',
    ])
    expect(a.connection.call('DeleteGroups', 1, { groupsNames: [GROUP] }).errors).toEqual(['NONE'])
    expect(last(world)).toEqual(['- TargetAssignmentMetadata g', '- Metadata g'])
  })

  it('M3: a static member that comes back under another id takes the old one’s place', () => {
    const world = oneCopy({ partitions: 2 })
    const a = new TestConsumer(world, 'a')
    a.join({ instanceId: 'i' })
    a.leave(-2, { instanceId: 'i' })
    expect(last(world)).toEqual(['CurrentMemberAssignment g id-a'])
    expect(said(world, 'CurrentMemberAssignment g id-a')).toMatchObject({ memberEpoch: -2 })
    new TestConsumer(world, 'b').join({ instanceId: 'i' })
    expect(last(world)).toEqual([
      '- CurrentMemberAssignment g id-a',
      '- TargetAssignmentMember g id-a',
      '- MemberMetadata g id-a',
      'MemberMetadata g id-b',
      'TargetAssignmentMember g id-b',
      'CurrentMemberAssignment g id-b',
      'CurrentMemberAssignment g id-b',
    ])
  })

  it('a regular expression: what it matches', () => {
    const world = oneCopy({ partitions: 2 })
    const a = new TestConsumer(world, 'a')
    a.join({ subscribedTopicNames: [], subscribedTopicRegex: 't.*' })
    world.clock.advance(1)
    expect(last(world)).toEqual(['RegularExpression g t.*', 'Metadata g'])
    expect(said(world, 'RegularExpression g t.*')?.topics).toEqual(['t'])
    a.leave()
    expect(last(world)).toContain('- RegularExpression g t.*')
  })

  it('C2: who takes over builds the group from them', () => {
    const world = oneCopy({ partitions: 2, brokers: 2 })
    const [a, b] = [new TestConsumer(world, 'a'), new TestConsumer(world, 'b')]
    a.join()
    b.join()
    a.beat()
    const before = described(world)
    world.cluster.admin.moveCoordinator(GROUP)
    world.clock.advance(LOAD_MS)
    expect(described(world)).toEqual(before)
  })
})

describe('tombstones are waited for', () => {
  function emptyGroup(): { world: ProbeWorld; admin: Line } {
    const world = replicated({ partitions: 2, settings: { 'min.insync.replicas': 2 } })
    const admin = world.connect('o', world.cluster.admin.coordinator(GROUP) ?? 0)
    admin.call('OffsetCommit', 7, {
      groupId: GROUP,
      generationIdOrMemberEpoch: -1,
      memberId: '',
      topics: [
        { name: 't', partitions: [{ partitionIndex: 0, committedOffset: 5n, committedMetadata: '' }] },
      ],
    })
    world.clock.advance(REPLICATED_MS)
    return { world, admin }
  }
  const OFFSETS = { groupId: GROUP, topics: [{ name: 't', partitions: [{ partitionIndex: 0 }] }] }
  const stop = (world: ProbeWorld): void => {
    const leader = world.cluster.admin.coordinator(GROUP)
    for (const id of [0, 1, 2]) if (id !== leader) world.cluster.admin.stopBroker(id)
  }

  it('DeleteGroups and OffsetDelete are answered when theirs are replicated', () => {
    const { world, admin } = emptyGroup()
    const offsets = admin.call('OffsetDelete', 0, OFFSETS)
    expect([offsets.pending, world.cluster.admin.committed(GROUP, 't', 0)]).toEqual([true, 5n])
    world.clock.advance(REPLICATED_MS)
    expect([offsets.errors, world.cluster.admin.committed(GROUP, 't', 0)]).toEqual([['NONE', 'NONE'], null])
    const group = admin.call('DeleteGroups', 1, { groupsNames: [GROUP, 'none'] })
    expect(group.pending).toBe(true)
    world.clock.advance(REPLICATED_MS)
    expect(group.errors).toEqual(['NONE', 'GROUP_ID_NOT_FOUND'])
  })

  it('where they cannot be written nothing is deleted', () => {
    const { world, admin } = emptyGroup()
    stop(world)
    expect(admin.call('OffsetDelete', 0, OFFSETS).errors).toEqual(['COORDINATOR_NOT_AVAILABLE'])
    expect(admin.call('DeleteGroups', 1, { groupsNames: [GROUP] }).errors).toEqual([
      'COORDINATOR_NOT_AVAILABLE',
    ])
    expect([world.cluster.admin.groups(), world.cluster.admin.committed(GROUP, 't', 0)]).toEqual([
      [GROUP],
      5n,
    ])
  })
})

describe('what cannot be written has not happened', () => {
  const followers = (world: ProbeWorld): number[] =>
    [0, 1, 2].filter((id) => id !== world.cluster.admin.coordinator(GROUP))

  it('a member that joins while too few replicas are in sync is not there, and nobody is told of it', () => {
    const world = replicated({ partitions: 2, settings: { 'min.insync.replicas': 2 } })
    const a = joined(world, 'a')
    const b = memberOf(world, 'b')
    const before = described(world)
    for (const id of followers(world)) world.cluster.admin.stopBroker(id)
    const told = world.observations.length
    expect(b.call(JOIN).error).toBe('COORDINATOR_NOT_AVAILABLE')
    expect(described(world)).toEqual(before)
    expect(world.observations.slice(told).filter(({ kind }) => kind === 'member-joined')).toEqual([])
    // Nothing of this is written.
    expect(a.call().answer).toMatchObject({ errorCode: 0, memberEpoch: 1 })
    for (const id of followers(world)) world.cluster.admin.startBroker(id)
    world.clock.advance(1_000)
    const again = b.call(JOIN)
    world.clock.advance(REPLICATED_MS)
    expect(again.answer).toMatchObject({ errorCode: 0, memberEpoch: 2 })
  })

  it('a member whose session ends meanwhile goes when that can be written', () => {
    const world = replicated({
      partitions: 2,
      settings: { 'min.insync.replicas': 2, 'group.consumer.session.timeout.ms': 10_000 },
    })
    joined(world, 'a')
    for (const id of followers(world)) world.cluster.admin.stopBroker(id)
    world.clock.advance(12_000)
    expect(world.cluster.admin.group(GROUP)?.members).toHaveLength(1)
    for (const id of followers(world)) world.cluster.admin.startBroker(id)
    world.clock.advance(1_000)
    expect(world.cluster.admin.group(GROUP)?.members).toEqual([])
  })

  it('what is only late stays as it is, and counts once it is replicated', () => {
    const world = replicated({ partitions: 2, settings: { 'replica.lag.time.max.ms': 60_000 } })
    const a = memberOf(world, 'a')
    const isolate = (isolated: boolean): void => {
      for (const broker of followers(world))
        world.cluster.admin.isolateReplica({ topic: OFFSETS_TOPIC, partition: PARTITION, broker }, isolated)
    }
    isolate(true)
    const join = a.call(JOIN)
    world.clock.advance(TIMEOUT_MS)
    expect(join.error).toBe('COORDINATOR_NOT_AVAILABLE')
    expect(world.cluster.admin.group(GROUP)?.members).toHaveLength(1)
    isolate(false)
    world.clock.advance(REPLICATED_MS)
    expect(last(world, 0n)).toHaveLength(5)
    expect(a.call({ memberEpoch: 1 }).answer).toMatchObject({ errorCode: 0, memberEpoch: 1 })
  })
})
