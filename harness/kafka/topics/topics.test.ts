import { describe, expect, it } from 'vitest'
import type { Line } from '../probe/line.ts'
import { createWorld, type ProbeWorld } from '../probe/world.ts'
import { errorCode, produce, TestMember } from '../testing/harness.ts'
import { type AnswerBody, type ElementOf, errorName, type RequestDraft } from '../wire/index.ts'

const NO_ID = '0'.repeat(32)
const BY_HAND = { numPartitions: -1, replicationFactor: -1 }

type Created = AnswerBody<'CreateTopics'>['topics'][number]
type ToCreate = ElementOf<RequestDraft<'CreateTopics'>['topics']>

function create(client: Line, name: string, extra: ToCreate = {}, version = 7): Created {
  const call = client.call('CreateTopics', version, {
    topics: [{ name, numPartitions: 2, replicationFactor: 1, assignments: [], configs: [], ...extra }],
  })
  const [topic] = call.answer.topics
  if (topic === undefined) throw new Error(`CreateTopics does not answer for ${name}`)
  return topic
}

function show(
  client: Line,
  topics: NonNullable<RequestDraft<'Metadata'>['topics']> | null,
  version = 12,
): AnswerBody<'Metadata'>['topics'] {
  const call = client.call('Metadata', version, { topics, allowAutoTopicCreation: false })
  return call.answer.topics
}

function remove(client: Line, topics: NonNullable<RequestDraft<'DeleteTopics'>['topics']>): string[] {
  return client.call('DeleteTopics', 6, { topics, timeoutMs: 1_000 }).errors
}

function configs(answer: Created): Record<string, unknown> {
  return Object.fromEntries((answer.configs ?? []).map(({ name, value }) => [name, value]))
}

function open(
  settings: Record<string, number | boolean> = {},
  brokers = 1,
): { world: ProbeWorld; client: Line } {
  const world = createWorld({ settings, brokers })
  return { world, client: world.connect() }
}

describe('L11: topics and their ids', () => {
  it('a topic keeps its id; another one of its name has another id', () => {
    const { client } = open()
    const { topicId } = create(client, 'orders')
    expect(topicId).toMatch(/^[0-9a-f]{12}4[0-9a-f]{3}[89ab][0-9a-f]{15}$/)
    expect(show(client, [{ name: 'orders' }])).toMatchObject([{ name: 'orders', topicId, errorCode: 0 }])
    expect(show(client, [{ name: null, topicId }])).toMatchObject([{ name: 'orders', topicId }])
    expect(show(client, null, 10)).toMatchObject([{ topicId }])
    expect(remove(client, [{ name: null, topicId }])).toEqual(['NONE'])
    expect(remove(client, [{ name: null, topicId }])).toEqual(['UNKNOWN_TOPIC_ID'])
    expect(create(client, 'orders').topicId).not.toBe(topicId)
    expect(show(client, [{ name: null, topicId }])).toEqual([
      expect.objectContaining({ name: null, topicId, errorCode: 100 }),
    ])
  })

  it('Metadata 10 and 11 have no request by id', () => {
    const { client } = open()
    const topicId = String(create(client, 'orders').topicId)
    expect(show(client, [{ name: 'orders', topicId }], 11)).toMatchObject([{ errorCode: 42 }])
    expect(show(client, [{ name: null, topicId: NO_ID }], 10)).toMatchObject([{ name: '', errorCode: 42 }])
  })

  it('DeleteTopics takes a name or an id, not both, not neither, and none twice', () => {
    const { client } = open()
    const topicId = String(create(client, 'orders').topicId)
    expect(remove(client, [{ name: 'orders', topicId }])).toEqual(['INVALID_REQUEST'])
    expect(remove(client, [{ name: null, topicId: NO_ID }])).toEqual(['INVALID_REQUEST'])
    expect(remove(client, [{ name: 'orders' }, { name: 'orders' }])).toEqual(['INVALID_REQUEST'])
    expect(remove(client, [{ name: 'orders' }, { name: null, topicId }])).toEqual(['INVALID_REQUEST'])
    expect(remove(client, [{ name: 'nowhere' }])).toEqual(['UNKNOWN_TOPIC_OR_PARTITION'])
    const off = open({ 'delete.topic.enable': false })
    create(off.client, 'orders')
    expect(remove(off.client, [{ name: 'orders' }])).toEqual(['TOPIC_DELETION_DISABLED'])
  })

  it('offsets restart with the new topic; commits go with the old one', () => {
    const { world, client } = open()
    create(client, 't')
    produce(client)
    produce(client)
    const member = new TestMember(world, 'a')
    expect(member.commit(2n)).toBe('NONE')
    remove(client, [{ name: 't' }])
    expect(world.cluster.admin.committed('g', 't', 0)).toBe(null)
    create(client, 't')
    expect(produce(client)).toEqual({ error: 'NONE', offset: 0n })
  })

  it('a commit survives where its coordinator could not hear of the deletion', () => {
    const { world, client } = open()
    create(client, 't')
    const member = new TestMember(world, 'a')
    expect(member.commit(2n)).toBe('NONE')
    world.cluster.admin.moveCoordinator('g')
    remove(client, [{ name: 't' }])
    create(client, 't')
    world.clock.advance(1_000)
    expect(world.cluster.admin.committed('g', 't', 0)).toBe(2n)
    expect(world.cluster.admin.logEnd('t', 0)).toBe(0n)
  })

  it('brokers go on serving a deleted topic until they hear of it; what they took is lost', () => {
    const { world, client } = open({ 'onceover.topic.deletion.ms': 500 })
    const { topicId } = create(client, 't')
    expect(remove(client, [{ name: 't' }])).toEqual(['NONE'])
    expect(remove(client, [{ name: 't' }])).toEqual(['UNKNOWN_TOPIC_OR_PARTITION'])
    expect(produce(client)).toEqual({ error: 'NONE', offset: 0n })
    const next = create(client, 't', { numPartitions: 3 })
    expect(create(client, 't').errorCode).toBe(36)
    expect(show(client, [{ name: 't' }])).toMatchObject([{ topicId }])
    world.clock.advance(500)
    expect(show(client, [{ name: 't' }])).toMatchObject([{ topicId: next.topicId, partitions: [{}, {}, {}] }])
    expect(world.cluster.admin.logEnd('t', 0)).toBe(0n)
    expect(world.observations.map(({ kind }) => kind)).toEqual([
      'topic-created',
      'append',
      'truncated',
      'topic-deleted',
      'topic-created',
    ])
  })
})

describe('CreateTopics and configurations', () => {
  it('shows what the topic got, from version 5 on', () => {
    const { client } = open({ 'log.retention.ms': 1_000 })
    const answer = create(client, 't', { configs: [{ name: 'segment.ms', value: '60000' }] }, 5)
    expect(answer).toMatchObject({ errorCode: 0, numPartitions: 2, replicationFactor: 1 })
    expect(configs(answer)).toMatchObject({
      'segment.ms': '60000',
      'retention.ms': '1000',
      'cleanup.policy': 'delete',
      'flush.ms': '9223372036854775807',
    })
    const sources = Object.fromEntries(
      (answer.configs ?? []).map(({ name, configSource }) => [name, configSource]),
    )
    expect([sources['segment.ms'], sources['retention.ms'], sources['retention.bytes']]).toEqual([1, 4, 5])
  })

  it.each([
    ['retention.mss', '1'],
    ['retention.ms', 'soon'],
    ['retention.ms', '-2'],
    ['cleanup.policy', 'keep'],
    ['min.cleanable.dirty.ratio', '1.5'],
    ['message.timestamp.type', null],
    ['segment.bytes', '99999999999'],
    ['segment.bytes', '1048575'],
    ['compression.gzip.level', '0'],
  ])('refuses %s=%s', (name, value) => {
    const { world, client } = open()
    expect(create(client, 't', { configs: [{ name, value }] })).toMatchObject({
      errorCode: 40,
      topicId: NO_ID,
      numPartitions: -1,
    })
    expect(world.cluster.admin.topics()).toEqual([])
  })

  it.each([
    [{ assignments: [{ partitionIndex: 0, brokerIds: [0] }] }, 'INVALID_REQUEST'],
    [{ ...BY_HAND, assignments: [{ partitionIndex: 1, brokerIds: [0] }] }, 'INVALID_REPLICA_ASSIGNMENT'],
    [{ ...BY_HAND, assignments: [{ partitionIndex: 0, brokerIds: [9] }] }, 'INVALID_REPLICA_ASSIGNMENT'],
    [{ ...BY_HAND, assignments: [{ partitionIndex: 0, brokerIds: [0, 0] }] }, 'INVALID_REPLICA_ASSIGNMENT'],
    [{ ...BY_HAND, assignments: [{ partitionIndex: 0, brokerIds: [0] }] }, 'NONE'],
    [{ name: 'a_b' }, 'INVALID_TOPIC_EXCEPTION'],
  ])('%o is %s', (extra, error) => {
    const { world, client } = open()
    world.cluster.admin.createTopic('a.b', { partitions: 1 })
    expect(errorName(Number(create(client, 't', extra).errorCode))).toBe(error)
  })

  const replicasOf = (client: ReturnType<typeof open>['client']): unknown => {
    const { answer } = client.call('Metadata', 7, { topics: [{ name: 't' }] })
    const [topic] = answer.topics
    return topic?.partitions.map(({ leaderId, replicaNodes, isrNodes }) => [leaderId, replicaNodes, isrNodes])
  }

  it('has as many replicas as it was asked for, and new partitions as many as the old ones', () => {
    const { world, client } = open({}, 3)
    expect(create(client, 't', { replicationFactor: 2 })).toMatchObject({ replicationFactor: 2 })
    world.cluster.admin.stopBroker(1)
    client.call('CreatePartitions', 3, {
      topics: [{ name: 't', count: 3, assignments: null }],
      timeoutMs: 1_000,
    })
    world.cluster.admin.startBroker(1)
    world.clock.advance(1_000)
    expect(replicasOf(client)).toEqual([
      [0, [0, 1], [0, 1]],
      [2, [1, 2], [1, 2]],
      [2, [2, 0], [2, 0]],
    ])
  })

  it('has its replicas where it was told, the first of those that are up leads', () => {
    const { world, client } = open({}, 3)
    world.cluster.admin.stopBroker(2)
    const byHand = (...assignments: number[][]): ToCreate => ({
      ...BY_HAND,
      assignments: assignments.map((brokerIds, partitionIndex) => ({ partitionIndex, brokerIds })).reverse(),
    })
    expect(create(client, 't', byHand([2])).errorCode).toBe(errorCode('INVALID_REPLICA_ASSIGNMENT'))
    expect(create(client, 't', byHand([2, 0], [1, 2]))).toMatchObject({ errorCode: 0, replicationFactor: 2 })
    const grow = (brokerIds: number[]): string[] =>
      client.call('CreatePartitions', 3, {
        topics: [{ name: 't', count: 3, assignments: [{ brokerIds }] }],
        timeoutMs: 1_000,
      }).errors
    expect(grow([0])).toEqual(['INVALID_REPLICA_ASSIGNMENT'])
    expect(grow([1, 0])).toEqual(['NONE'])
    expect(replicasOf(client)).toEqual([
      [0, [2, 0], [0]],
      [1, [1, 2], [1]],
      [1, [1, 0], [1, 0]],
    ])
  })

  it('CreatePartitions refuses a name that it is given twice, and brokers that are not there', () => {
    const { world, client } = open()
    create(client, 't')
    const grow = (...topics: NonNullable<RequestDraft<'CreatePartitions'>['topics']>): string[] =>
      client.call('CreatePartitions', 3, { topics, timeoutMs: 1_000 }).errors
    const three = { name: 't', count: 3, assignments: null }
    expect(grow(three, { ...three, count: 4 })).toEqual(['INVALID_REQUEST'])
    expect(grow({ ...three, assignments: [{ brokerIds: [9] }] })).toEqual(['INVALID_REPLICA_ASSIGNMENT'])
    expect(grow({ ...three, count: 4, assignments: [{ brokerIds: [0] }] })).toEqual([
      'INVALID_REPLICA_ASSIGNMENT',
    ])
    expect(world.cluster.admin.topics()).toEqual([{ name: 't', partitions: 2 }])
    expect(grow({ ...three, assignments: [{ brokerIds: [0] }] })).toEqual(['NONE'])
  })

  it('refuses a name that it is given twice, and makes nothing where it is only asked to validate', () => {
    const { world, client } = open()
    const topic = { name: 't', numPartitions: 1, replicationFactor: 1 }
    expect(client.call('CreateTopics', 5, { topics: [topic, topic] }).errors).toEqual(['INVALID_REQUEST'])
    const call = client.call('CreateTopics', 7, { topics: [topic], validateOnly: true })
    expect(call.answer.topics).toMatchObject([{ errorCode: 0, numPartitions: 1 }])
    expect(world.cluster.admin.topics()).toEqual([])
  })
})
