import { describe, expect, it } from 'vitest'
import type { EventOf, Observation } from '../../core/history.ts'
import { OFFSETS_TOPIC } from '../group/offsets-topic.ts'
import type { Call } from '../probe/call.ts'
import type { Line } from '../probe/line.ts'
import type { ProbeWorld } from '../probe/world.ts'
import { batchesIn, GROUP, TestMember } from '../testing/harness.ts'
import { groupCoordinator, LOAD_MS, REPLICATED_MS, replicated } from '../testing/worlds.ts'
import {
  decodeRecords,
  decodeStateRecord,
  encodeAssignment,
  errorName,
  OFFSETS_RECORDS,
} from '../wire/index.ts'

const TIMEOUT_MS = 5_000
/** "g".hashCode() % 50. */
const PARTITION = 103 % 50

function commit(world: ProbeWorld, offset: bigint, broker = groupCoordinator(world)): Call<'OffsetCommit'> {
  return commitOn(world.connect('c', broker), offset)
}

/** A commit outside any generation. */
function commitOn(connection: Line, offset: bigint): Call<'OffsetCommit'> {
  return connection.call('OffsetCommit', 7, {
    groupId: GROUP,
    generationIdOrMemberEpoch: -1,
    memberId: '',
    topics: [
      { name: 't', partitions: [{ partitionIndex: 0, committedOffset: offset, committedMetadata: 'm' }] },
    ],
  })
}

function committed(world: ProbeWorld): bigint | string {
  const call = world.connect('f', groupCoordinator(world)).call('OffsetFetch', 5, {
    groupId: GROUP,
    topics: [{ name: 't', partitionIndexes: [0] }],
  })
  if (call.error !== 'NONE') return call.error
  const [topic] = call.answer.topics
  return topic?.partitions[0]?.committedOffset ?? -1n
}

/** The first rebalance waits an instant. */
function join(world: ProbeWorld, member: TestMember): void {
  const call = member.join()
  world.clock.advance(1)
  member.joined(call)
}

function isolate(world: ProbeWorld, isolated: boolean, ...brokers: number[]): void {
  for (const broker of brokers)
    world.cluster.admin.isolateReplica({ topic: OFFSETS_TOPIC, partition: PARTITION, broker }, isolated)
}

function followers(world: ProbeWorld): number[] {
  return [0, 1, 2].filter((id) => id !== groupCoordinator(world))
}

function told<Kind extends Observation['kind']>(
  world: ProbeWorld,
  kind: Kind,
): Omit<EventOf<Kind>, 'seq' | 'timeUs'>[] {
  return world.observations.filter((each) => each.kind === kind) as never
}

function commitsTold(world: ProbeWorld): string[] {
  return told(world, 'commit').map(({ phase, offset, error }) =>
    [phase, offset, error ?? ''].join(' ').trim(),
  )
}

describe('__consumer_offsets is a replicated log', () => {
  it('O7: a commit is answered and seen when it is replicated', () => {
    const world = replicated()
    const call = commit(world, 5n)
    expect([call.pending, committed(world), commitsTold(world)]).toEqual([true, -1n, []])
    world.clock.advance(REPLICATED_MS)
    expect([call.errors, committed(world), commitsTold(world)]).toEqual([['NONE'], 5n, ['applied 5']])
  })

  it('O7: one that is not replicated in time is COORDINATOR_NOT_AVAILABLE, and counts once it is', () => {
    const world = replicated()
    isolate(world, true, ...followers(world))
    const call = commit(world, 5n)
    world.clock.advance(TIMEOUT_MS)
    expect(call.errors).toEqual(['COORDINATOR_NOT_AVAILABLE'])
    expect([committed(world), commitsTold(world)]).toEqual([-1n, ['rejected 5 COORDINATOR_NOT_AVAILABLE']])
    isolate(world, false, ...followers(world))
    world.clock.advance(REPLICATED_MS)
    expect(committed(world)).toBe(5n)
    expect(commitsTold(world)).toEqual(['rejected 5 COORDINATOR_NOT_AVAILABLE', 'applied 5'])
  })

  it('O7: with too few replicas in sync it is COORDINATOR_NOT_AVAILABLE at once, and never counts', () => {
    const world = replicated({ settings: { 'min.insync.replicas': 2 } })
    commit(world, 4n)
    world.clock.advance(REPLICATED_MS)
    for (const id of followers(world)) world.cluster.admin.stopBroker(id)
    expect(commit(world, 5n).errors).toEqual(['COORDINATOR_NOT_AVAILABLE'])
    for (const id of followers(world)) world.cluster.admin.startBroker(id)
    world.clock.advance(1_000)
    expect(committed(world)).toBe(4n)
  })

  it('G8: an assignment stands, and is told, when the record of the group is replicated', () => {
    const world = replicated()
    const a = new TestMember(world, 'a', { broker: groupCoordinator(world) })
    join(world, a)
    const sync = a.sync([{ member: a, topics: [{ topic: 't', partitions: [0] }] }])
    expect([sync.pending, world.cluster.admin.groupState(GROUP)]).toEqual([true, 'CompletingRebalance'])
    world.clock.advance(REPLICATED_MS)
    expect([sync.error, world.cluster.admin.groupState(GROUP)]).toEqual(['NONE', 'Stable'])
  })

  it('G8: where it cannot be replicated members are told so, and join again', () => {
    const world = replicated()
    const a = new TestMember(world, 'a', { broker: groupCoordinator(world) })
    join(world, a)
    isolate(world, true, ...followers(world))
    const sync = a.sync([{ member: a, topics: [] }])
    world.clock.advance(TIMEOUT_MS)
    expect([sync.error, world.cluster.admin.groupState(GROUP)]).toEqual([
      'COORDINATOR_NOT_AVAILABLE',
      'PreparingRebalance',
    ])
  })

  it('C3: what waits to be replicated when the coordinator moves is NOT_COORDINATOR, and is applied where the log has it', () => {
    const world = replicated()
    const call = commit(world, 5n)
    // The records have arrived, word of it has not.
    while (
      world.cluster.admin.replicaEnd({
        topic: OFFSETS_TOPIC,
        partition: PARTITION,
        broker: followers(world)[0] ?? 0,
      }) === 0n
    )
      world.clock.advance(0.5)
    expect(call.pending).toBe(true)
    world.cluster.admin.moveCoordinator(GROUP, followers(world)[0])
    expect(call.errors).toEqual(['NOT_COORDINATOR'])
    world.clock.advance(LOAD_MS)
    expect(committed(world)).toBe(5n)
    expect(commitsTold(world)).toEqual(['applied 5', 'rejected 5 NOT_COORDINATOR'])
  })

  it('C3: a commit that only a dead coordinator had is not there', () => {
    const world = replicated()
    commit(world, 4n)
    world.clock.advance(REPLICATED_MS)
    isolate(world, true, ...followers(world))
    commit(world, 5n)
    world.cluster.admin.stopBroker(groupCoordinator(world))
    world.clock.advance(LOAD_MS)
    expect(committed(world)).toBe(4n)
  })

  it('L3: an unclean election loses commits that were acknowledged, and the group falls back', () => {
    const world = replicated({ settings: { 'replica.lag.time.max.ms': 100 } })
    commit(world, 4n)
    world.clock.advance(REPLICATED_MS)
    const [behind = 0, other = 0] = followers(world)
    isolate(world, true, behind, other)
    world.clock.advance(1_000)
    const late = commit(world, 9n)
    world.clock.advance(1_000)
    expect([late.errors, committed(world)]).toEqual([['NONE'], 9n])
    world.cluster.admin.electUnclean(OFFSETS_TOPIC, PARTITION, behind)
    world.clock.advance(LOAD_MS)
    expect(committed(world)).toBe(4n)
    expect(told(world, 'offset-removed')).toMatchObject([{ reason: 'lost', fallback: 4n }])
  })

  it('C2: load time grows with the log where it is asked to', () => {
    const world = replicated({
      settings: { 'default.replication.factor': 1, 'onceover.coordinator.load.record.ms': 10 },
    })
    for (let offset = 1n; offset <= 50n; offset += 1n) commit(world, offset)
    world.cluster.admin.moveCoordinator(GROUP)
    world.clock.advance(LOAD_MS + 499)
    expect(committed(world)).toBe('COORDINATOR_LOAD_IN_PROGRESS')
    world.clock.advance(1)
    expect(committed(world)).toBe(50n)
  })

  it('C5: before the topic is created there is no coordinator', () => {
    const world = replicated({ settings: { 'onceover.internal.topic.creation.ms': 300 } })
    const find = (): string => world.connect('a').call('FindCoordinator', 2, { key: GROUP, keyType: 0 }).error
    expect(find()).toBe('COORDINATOR_NOT_AVAILABLE')
    world.clock.advance(299)
    expect([find(), commit(world, 1n).errors]).toEqual(['COORDINATOR_NOT_AVAILABLE', ['NOT_COORDINATOR']])
    world.clock.advance(1)
    expect(find()).toBe('NONE')
  })

  it('what is superseded is compacted, in each replica', () => {
    const world = replicated()
    const connection = world.connect('c', groupCoordinator(world))
    for (let offset = 1n; offset <= 1_500n; offset += 1n) {
      commitOn(connection, offset)
      world.clock.advance(REPLICATED_MS)
    }
    expect(records(world, followers(world)[0] ?? 0).length).toBeLessThan(750)
    world.cluster.admin.moveCoordinator(GROUP)
    world.clock.advance(LOAD_MS)
    expect(committed(world)).toBe(1_500n)
  })
})

/** The records that a reader of the group's partition gets once this broker leads it. */
function records(world: ProbeWorld, broker: number): { key: Buffer; value: Buffer | null }[] {
  world.cluster.admin.moveLeader(OFFSETS_TOPIC, PARTITION, broker)
  world.clock.advance(REPLICATED_MS)
  const call = world.connect('r', broker).call('Fetch', 11, {
    maxWaitMs: 0,
    minBytes: 1,
    maxBytes: 50_000_000,
    topics: [
      {
        topic: OFFSETS_TOPIC,
        partitions: [{ partition: PARTITION, fetchOffset: 0n, partitionMaxBytes: 50_000_000 }],
      },
    ],
  })
  const [topic] = call.answer.responses
  expect(errorName(topic?.partitions[0]?.errorCode ?? -1)).toBe('NONE')
  return batchesIn(call)
    .flatMap(decodeRecords)
    .map(({ key, value }) => ({ key: key ?? Buffer.alloc(0), value }))
}

describe('__consumer_offsets can be read', () => {
  it('Metadata lists it, as an internal topic, once somebody has looked for a coordinator', () => {
    const world = replicated({ settings: { 'default.replication.factor': 1 } })
    const names = (): unknown[] =>
      world
        .connect('m')
        .call('Metadata', 5, { topics: null })
        .answer.topics.map(({ name, isInternal }) => `${name} ${isInternal}`)
    expect(names()).toEqual(['t false'])
    world.connect('a').call('FindCoordinator', 2, { key: GROUP, keyType: 0 })
    expect(names()).toEqual(['t false', `${OFFSETS_TOPIC} true`])
  })

  it('offsets are records of OffsetCommitKey 1 and OffsetCommitValue 4', () => {
    const world = replicated()
    commit(world, 5n)
    world.clock.advance(REPLICATED_MS)
    const [{ key, value } = { key: Buffer.alloc(0), value: null }] = records(world, groupCoordinator(world))
    const found = decodeStateRecord(OFFSETS_RECORDS, key, value)
    expect(found).toMatchObject({ name: 'OffsetCommit', key: { group: GROUP, topic: 't', partition: 0 } })
    expect(found).toMatchObject({ version: 4, value: { offset: 5n, leaderEpoch: -1, metadata: 'm' } })
  })

  it('a group is a record of GroupMetadataKey 2 and GroupMetadataValue 3, from its first JoinGroup on', () => {
    const world = replicated()
    const a = new TestMember(world, 'a', { broker: groupCoordinator(world) })
    join(world, a)
    const topics = [{ topic: 't', partitions: [0] }]
    a.sync([{ member: a, topics }])
    world.clock.advance(REPLICATED_MS)
    const found = records(world, groupCoordinator(world)).map(({ key, value }) =>
      decodeStateRecord(OFFSETS_RECORDS, key, value),
    )
    expect(found).toMatchObject([
      {
        name: 'GroupMetadata',
        key: { group: GROUP },
        value: { protocolType: '', generation: 0, members: [] },
      },
      {
        name: 'GroupMetadata',
        version: 3,
        value: {
          protocolType: 'consumer',
          generation: 1,
          protocol: 'range',
          leader: a.memberId,
          members: [
            {
              memberId: a.memberId,
              groupInstanceId: null,
              clientId: 'client',
              rebalanceTimeout: 60_000,
              sessionTimeout: 10_000,
              assignment: encodeAssignment(topics),
            },
          ],
        },
      },
    ])
  })

  it('nobody else writes to it, and nobody takes from it', () => {
    const world = replicated({ settings: { 'default.replication.factor': 1 } })
    commit(world, 1n)
    const connection = world.connect('w', groupCoordinator(world))
    const partitions = [{ partitionIndex: PARTITION, offset: 1n }]
    const errors = [
      connection.call('DeleteRecords', 1, { topics: [{ name: OFFSETS_TOPIC, partitions }], timeoutMs: 0 })
        .errors,
      connection.call('CreateTopics', 3, {
        topics: [
          { name: OFFSETS_TOPIC, numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] },
        ],
        timeoutMs: 0,
        validateOnly: false,
      }).errors,
      connection.call('DeleteTopics', 3, { topicNames: [OFFSETS_TOPIC], timeoutMs: 0 }).errors,
      connection.call('CreatePartitions', 1, {
        topics: [{ name: OFFSETS_TOPIC, count: 60, assignments: null }],
        timeoutMs: 0,
        validateOnly: false,
      }).errors,
    ]
    expect(errors.flat()).toEqual([
      'INVALID_TOPIC_EXCEPTION',
      'TOPIC_ALREADY_EXISTS',
      'INVALID_REQUEST',
      'INVALID_TOPIC_EXCEPTION',
    ])
    expect(committed(world)).toBe(1n)
  })
})
