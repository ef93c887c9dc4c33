import { describe, expect, it } from 'vitest'
import {
  createWorld,
  fetchBody,
  fetched,
  GROUP,
  produce,
  SESSION_MS,
  stabilize,
  TestMember,
  type World,
} from './testing/harness.ts'

const LOAD_MS = 200

function worldOf(brokers = 3, settings: Record<string, number> = {}): World {
  const world = createWorld({ brokers, settings: { 'group.initial.rebalance.delay.ms': 0, ...settings } })
  world.cluster.admin.createTopic('t', { partitions: 3 })
  return world
}

function coordinator(world: World): number {
  const id = world.cluster.admin.coordinator(GROUP)
  if (id === null) throw new Error('no coordinator')
  return id
}

function members(world: World, ...names: string[]): TestMember[] {
  const broker = coordinator(world)
  const made = names.map((name) => new TestMember(world, name, { broker }))
  stabilize(world, made)
  return made
}

/** Moves the coordinator, waits for its load unless told otherwise, and takes everybody along. */
function fail(world: World, all: readonly TestMember[], waitMs = LOAD_MS): void {
  world.cluster.admin.moveCoordinator(GROUP)
  world.clock.advance(waitMs)
  for (const member of all) member.reconnect(coordinator(world))
}

describe('C: coordinators', () => {
  it('C1: a broker that does not coordinate the group answers NOT_COORDINATOR', () => {
    const world = worldOf()
    const right = coordinator(world)
    const wrong = new TestMember(world, 'a', { broker: (right + 1) % 3 })
    expect(wrong.join().error).toBe('NOT_COORDINATOR')
    expect(wrong.sync().error).toBe('NOT_COORDINATOR')
    expect(wrong.heartbeat()).toBe('NOT_COORDINATOR')
    expect(wrong.commit(1n)).toBe('NOT_COORDINATOR')
    expect(wrong.leave().errors).toEqual(['NOT_COORDINATOR'])
    const { connection } = wrong
    expect(connection.call('OffsetFetch', 5, { groupId: GROUP, topics: null }).error).toBe('NOT_COORDINATOR')
    expect(connection.call('DescribeGroups', 4, { groups: [GROUP] }).errors).toEqual(['NOT_COORDINATOR'])
    expect(connection.call('DeleteGroups', 1, { groupsNames: [GROUP] }).errors).toEqual(['NOT_COORDINATOR'])
    expect(connection.call('FindCoordinator', 2, { key: GROUP }).answer).toMatchObject({
      errorCode: 0,
      nodeId: right,
      host: `broker-${right}`,
    })
  })

  it('C2: the new coordinator answers COORDINATOR_LOAD_IN_PROGRESS until it has loaded', () => {
    const world = worldOf()
    const [a] = members(world, 'a') as [TestMember]
    a.commit(7n)
    fail(world, [a], 0)
    expect(a.heartbeat()).toBe('NONE')
    expect(a.commit(8n)).toBe('COORDINATOR_LOAD_IN_PROGRESS')
    expect(a.join().error).toBe('COORDINATOR_LOAD_IN_PROGRESS')
    world.clock.advance(LOAD_MS - 1)
    expect(a.commit(8n)).toBe('COORDINATOR_LOAD_IN_PROGRESS')
    world.clock.advance(1)
    expect(a.heartbeat()).toBe('NONE')
    expect(world.cluster.admin.committed(GROUP, 't', 0)).toBe(7n)
    expect(world.cluster.admin.group(GROUP)).toMatchObject({
      state: 'Stable',
      generation: 1,
      members: [{ partitions: [{ topic: 't', partition: 0 }] }],
    })
  })

  it('C2: all sessions start anew when the load is done', () => {
    const world = worldOf(3, { 'onceover.coordinator.load.ms': 15_000 })
    const [a] = members(world, 'a') as [TestMember]
    world.clock.advance(SESSION_MS - 1)
    fail(world, [a], 15_000)
    world.clock.advance(SESSION_MS - 1)
    expect(a.heartbeat()).toBe('NONE')
    fail(world, [a], 15_000)
    world.clock.advance(SESSION_MS)
    expect(a.heartbeat()).toBe('UNKNOWN_MEMBER_ID')
  })

  it('C3: a member that left in a rebalance that was not completed is back, and an emptied group is not', () => {
    const world = worldOf()
    const [a, b] = members(world, 'a', 'b') as [TestMember, TestMember]
    b.leave()
    expect(b.heartbeat()).toBe('UNKNOWN_MEMBER_ID')
    fail(world, [a, b])
    expect(b.heartbeat()).toBe('NONE')
    a.leave()
    b.leave()
    expect(world.cluster.admin.group(GROUP)).toMatchObject({ state: 'Empty', generation: 2 })
    fail(world, [a, b])
    expect(world.cluster.admin.group(GROUP)).toMatchObject({ state: 'Empty', generation: 2, members: [] })
  })

  it('C3: the retention of an emptied group does not start anew', () => {
    const world = worldOf()
    const [a] = members(world, 'a') as [TestMember]
    a.commit(1n)
    a.leave()
    world.clock.advance(7 * 86_400_000 - LOAD_MS)
    expect(world.cluster.admin.committed(GROUP, 't', 0)).toBe(1n)
    fail(world, [a])
    world.clock.advance(600_000)
    expect(world.cluster.admin.committed(GROUP, 't', 0)).toBe(null)
  })

  it('C2: with one broker the group reloads in place', () => {
    const world = worldOf(1)
    const [a] = members(world, 'a') as [TestMember]
    world.cluster.admin.moveCoordinator(GROUP)
    expect(a.commit(1n)).toBe('COORDINATOR_LOAD_IN_PROGRESS')
    world.clock.advance(LOAD_MS)
    expect(a.heartbeat()).toBe('NONE')
  })
})

describe('brokers', () => {
  it('one that stops resets its connections, and its leaderships and groups move', () => {
    const world = worldOf()
    const { admin } = world.cluster
    const [a] = members(world, 'a') as [TestMember]
    const stopped = coordinator(world)
    const before = a.connection
    admin.stopBroker(stopped)
    expect([admin.isUp(stopped), before.ended]).toEqual([false, 'reset'])
    expect([0, 1, 2].map((partition) => admin.leader('t', partition))).not.toContain(stopped)
    const next = coordinator(world)
    expect(next).not.toBe(stopped)
    expect(world.connect('a', stopped).ended).toBe('reset')
    a.reconnect(next)
    expect(a.commit(1n)).toBe('COORDINATOR_LOAD_IN_PROGRESS')
    world.clock.advance(LOAD_MS)
    expect(a.heartbeat()).toBe('NONE')
    const metadata = a.connection.call('Metadata', 5, { topics: [{ name: 't' }] }).answer
    expect((metadata['brokers'] as { nodeId: number }[]).map(({ nodeId }) => nodeId)).toEqual(
      [0, 1, 2].filter((id) => id !== stopped),
    )
    admin.startBroker(stopped)
    expect(admin.isUp(stopped)).toBe(true)
    expect(coordinator(world)).toBe(next)
    expect(world.connect('a', stopped).call('ApiVersions', 0, {}).error).toBe('NONE')
  })

  it('groups that come later than a stop live where their partition moved to', () => {
    const world = worldOf()
    const id = coordinator(world)
    world.cluster.admin.stopBroker(id)
    const moved = coordinator(world)
    expect(moved).not.toBe(id)
    const [a] = members(world, 'a') as [TestMember]
    world.cluster.admin.startBroker(id)
    expect(coordinator(world)).toBe(moved)
    expect(a.heartbeat()).toBe('NONE')
  })

  it('the last one that stops leaves everything unavailable, and finds it again', () => {
    const world = worldOf(1)
    const { admin } = world.cluster
    const [a] = members(world, 'a') as [TestMember]
    a.commit(3n)
    produce(world.connect())
    admin.stopBroker(0)
    expect([admin.leader('t', 0), admin.coordinator(GROUP)]).toEqual([null, null])
    expect(admin.append({ topic: 't', partition: 0, key: null, value: Buffer.from('x') })).toBe(1n)
    admin.startBroker(0)
    expect([admin.leader('t', 0), admin.coordinator(GROUP)]).toEqual([0, 0])
    world.clock.advance(LOAD_MS)
    a.reconnect()
    expect(a.heartbeat()).toBe('NONE')
    expect(admin.committed(GROUP, 't', 0)).toBe(3n)
    expect(fetched(world.connect().call('Fetch', 4, fetchBody(0n))).bases).toEqual([0n, 1n])
  })

  it('leaders move: the old one refuses, the new one serves with a higher epoch', () => {
    const world = worldOf()
    const { admin } = world.cluster
    const old = world.connect('client-0', 0)
    expect(produce(old).error).toBe('NONE')
    admin.moveLeader('t', 0)
    expect(admin.leader('t', 0)).toBe(1)
    expect(produce(old).error).toBe('NOT_LEADER_OR_FOLLOWER')
    expect(fetched(old.call('Fetch', 4, fetchBody(0n))).error).toBe('NOT_LEADER_OR_FOLLOWER')
    const next = world.connect('client-0', 1)
    expect(produce(next)).toEqual({ error: 'NONE', offset: 1n })
    const metadata = next.call('Metadata', 7, { topics: [{ name: 't' }] }).answer
    expect(metadata['topics']).toMatchObject([{ partitions: [{ leaderId: 1, leaderEpoch: 1 }, {}, {}] }])
    admin.moveLeader('t', 0, 2)
    expect(admin.leader('t', 0)).toBe(2)
  })

  it('nothing moves to a broker that is down', () => {
    const world = worldOf()
    const { admin } = world.cluster
    admin.stopBroker(1)
    admin.moveLeader('t', 0)
    expect(admin.leader('t', 0)).toBe(2)
    const from = coordinator(world)
    admin.moveCoordinator(GROUP)
    expect(admin.coordinator(GROUP)).not.toBe(1)
    expect(admin.coordinator(GROUP)).not.toBe(from)
    admin.createTopic('u', { partitions: 3 })
    expect([0, 1, 2].map((partition) => admin.leader('u', partition))).not.toContain(1)
  })

  it('a cluster that is disposed has no timers', () => {
    const world = worldOf(1)
    members(world, 'a', 'b')
    world.connect().call('Fetch', 4, fetchBody(0n))
    new TestMember(world, 'c').join()
    expect(world.clock.pending).toBeGreaterThan(0)
    world.cluster.dispose()
    expect(world.clock.pending).toBe(0)
  })
})

describe('topics', () => {
  it('are created on demand where the request and the settings allow it', () => {
    const world = worldOf(1)
    const client = world.connect()
    const ask = (name: string, allowAutoTopicCreation = true): string[] =>
      client.call('Metadata', 5, { topics: [{ name }], allowAutoTopicCreation }).errors.slice(1)
    expect(ask('new', false)).toEqual(['UNKNOWN_TOPIC_OR_PARTITION'])
    expect(ask('new')).toEqual(['UNKNOWN_TOPIC_OR_PARTITION'])
    expect(ask('new')).toEqual(['NONE', 'NONE'])
    expect(ask('not legal')).toEqual(['INVALID_TOPIC_EXCEPTION'])
    const strict = createWorld({ settings: { 'auto.create.topics.enable': false } }).connect()
    expect(
      strict.call('Metadata', 5, { topics: [{ name: 'new' }], allowAutoTopicCreation: true }).errors,
    ).toEqual(['NONE', 'UNKNOWN_TOPIC_OR_PARTITION'])
  })

  it('grow, and shrink from their start', () => {
    const world = worldOf(1)
    const client = world.connect()
    const grow = (name: string, count: number): string[] =>
      client.call('CreatePartitions', 0, {
        topics: [{ name, count, assignments: null }],
        timeoutMs: 1,
        validateOnly: false,
      }).errors
    expect([grow('t', 3), grow('u', 5), grow('t', 5)]).toEqual([
      ['INVALID_PARTITIONS'],
      ['UNKNOWN_TOPIC_OR_PARTITION'],
      ['NONE'],
    ])
    expect(grow('t', 10_006)).toEqual(['POLICY_VIOLATION'])
    const huge = { name: 'u', numPartitions: 10_001, replicationFactor: 1, assignments: [], configs: [] }
    expect(client.call('CreateTopics', 2, { topics: [huge], timeoutMs: 1 }).errors).toEqual([
      'POLICY_VIOLATION',
    ])
    expect(world.cluster.admin.topics()).toEqual([{ name: 't', partitions: 5 }])
    for (let count = 0; count < 3; count += 1) produce(client)
    const cut = (offset: bigint): unknown => {
      const call = client.call('DeleteRecords', 0, {
        topics: [{ name: 't', partitions: [{ partitionIndex: 0, offset }] }],
        timeoutMs: 1,
      })
      const [topic] = call.answer['topics'] as { partitions: { lowWatermark: bigint }[] }[]
      return [call.errors.join(), topic?.partitions[0]?.lowWatermark]
    }
    expect(cut(4n)).toEqual(['OFFSET_OUT_OF_RANGE', -1n])
    expect(cut(2n)).toEqual(['NONE', 2n])
    expect(cut(1n)).toEqual(['NONE', 2n])
    expect(cut(-1n)).toEqual(['NONE', 3n])
  })

  it('the settings are those of Kafka, and no others', () => {
    expect(() => createWorld({ settings: { 'no.such.setting': 1 } })).toThrow('no.such.setting')
    expect(() => createWorld({ settings: { 'group.max.size': 'many' } })).toThrow('must be a number')
  })
})
