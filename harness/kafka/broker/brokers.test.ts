import { describe, expect, it } from 'vitest'
import { createWorld, type ProbeWorld } from '../probe/world.ts'
import { fetchBody, fetched, GROUP, produce, stabilize, TestMember } from '../testing/harness.ts'
import { groupCoordinator, LOAD_MS, oneCopy } from '../testing/worlds.ts'

function members(world: ProbeWorld, ...names: string[]): TestMember[] {
  const broker = groupCoordinator(world)
  const made = names.map((name) => new TestMember(world, name, { broker }))
  stabilize(world, made)
  return made
}

describe('brokers', () => {
  it('one that stops resets its connections, and its leaderships and groups move', () => {
    const world = oneCopy({ brokers: 3 })
    const { admin } = world.cluster
    const [a] = members(world, 'a') as [TestMember]
    const stopped = groupCoordinator(world)
    const before = a.connection
    admin.stopBroker(stopped)
    expect([admin.isUp(stopped), before.ended]).toEqual([false, 'reset'])
    expect([0, 1, 2].map((partition) => admin.leader('t', partition))).not.toContain(stopped)
    const next = groupCoordinator(world)
    expect(next).not.toBe(stopped)
    expect(world.connect('a', stopped).ended).toBe('reset')
    a.reconnect(next)
    expect(a.commit(1n)).toBe('COORDINATOR_LOAD_IN_PROGRESS')
    world.clock.advance(LOAD_MS)
    expect(a.heartbeat()).toBe('NONE')
    const metadata = a.connection.call('Metadata', 5, { topics: [{ name: 't' }] }).answer
    expect(metadata.brokers.map(({ nodeId }) => nodeId)).toEqual([0, 1, 2].filter((id) => id !== stopped))
    admin.startBroker(stopped)
    expect(admin.isUp(stopped)).toBe(true)
    expect(groupCoordinator(world)).toBe(next)
    expect(world.connect('a', stopped).call('ApiVersions', 0, {}).error).toBe('NONE')
  })

  it('groups that come later than a stop live where their partition moved to', () => {
    const world = oneCopy({ brokers: 3 })
    const id = groupCoordinator(world)
    world.cluster.admin.stopBroker(id)
    const moved = groupCoordinator(world)
    expect(moved).not.toBe(id)
    const [a] = members(world, 'a') as [TestMember]
    world.cluster.admin.startBroker(id)
    expect(groupCoordinator(world)).toBe(moved)
    expect(a.heartbeat()).toBe('NONE')
  })

  it('the last one that stops leaves everything unavailable, and finds it again', () => {
    const world = oneCopy({ brokers: 1 })
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
    const world = oneCopy({ brokers: 3 })
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
    expect(metadata.topics).toMatchObject([{ partitions: [{ leaderId: 1, leaderEpoch: 1 }, {}, {}] }])
    admin.moveLeader('t', 0, 2)
    expect(admin.leader('t', 0)).toBe(2)
  })

  it('nothing moves to a broker that is down', () => {
    const world = oneCopy({ brokers: 3 })
    const { admin } = world.cluster
    admin.stopBroker(1)
    admin.moveLeader('t', 0)
    expect(admin.leader('t', 0)).toBe(2)
    const from = groupCoordinator(world)
    admin.moveCoordinator(GROUP)
    expect(admin.coordinator(GROUP)).not.toBe(1)
    expect(admin.coordinator(GROUP)).not.toBe(from)
    admin.createTopic('u', { partitions: 3 })
    expect([0, 1, 2].map((partition) => admin.leader('u', partition))).not.toContain(1)
  })

  it('a cluster that is disposed has no timers', () => {
    const world = oneCopy({ brokers: 1 })
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
    const world = oneCopy({ brokers: 1 })
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
    const world = oneCopy({ brokers: 1 })
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
      const [topic] = call.answer.topics
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
