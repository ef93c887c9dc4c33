import { describe, expect, it } from 'vitest'
import type { Line } from '../probe/line.ts'
import { createWorld, type ProbeWorld } from '../probe/world.ts'
import { type AnswerBody, encodeBatch, type RequestBody, type RequestDraft } from '../wire/index.ts'

const REPLICATED = { 'default.replication.factor': 3, 'connections.max.idle.ms': -1 }

function topicsOf(
  connection: Line,
  topics: readonly string[],
  limit = 2_000,
  cursor: RequestBody<'DescribeTopicPartitions'>['cursor'] = null,
): AnswerBody<'DescribeTopicPartitions'> {
  return connection.call('DescribeTopicPartitions', 0, {
    topics: topics.map((name) => ({ name })),
    responsePartitionLimit: limit,
    cursor,
  }).answer
}

describe('FindCoordinator of several groups (KIP-699)', () => {
  it('answers for each, also where it is refused', () => {
    const settings = { 'onceover.acls': 'allow User:ANONYMOUS Describe Group g*' }
    const connection = createWorld({ brokers: 3, settings }).connect()
    const asked = { keyType: 0, coordinatorKeys: ['g1', 'other', 'g2'] }
    const { coordinators } = connection.call('FindCoordinator', 4, asked).answer
    expect(coordinators).toMatchObject([
      { key: 'g1', errorCode: 0 },
      { key: 'g2', errorCode: 0 },
      { key: 'other', errorCode: 30, nodeId: -1 },
    ])
  })
})

describe('DescribeCluster (KIP-700)', () => {
  it('shows brokers that are up, and from version 2 on those that are not as fenced', () => {
    const world = createWorld({ brokers: 3 })
    world.cluster.admin.stopBroker(1)
    const brokers = (version: number, includeFencedBrokers: boolean): unknown =>
      world
        .connect()
        .call('DescribeCluster', version, {
          includeClusterAuthorizedOperations: false,
          endpointType: 1,
          includeFencedBrokers,
        })
        .answer.brokers.map(({ brokerId, isFenced }) => [brokerId, isFenced])
    expect(brokers(1, false)).toEqual([
      [0, false],
      [2, false],
    ])
    expect(brokers(2, true)).toEqual([
      [0, false],
      [1, true],
      [2, false],
    ])
  })
})

describe('DescribeTopicPartitions (KIP-966)', () => {
  it('goes from page to page, topics in the order of their names', () => {
    const world = createWorld()
    world.cluster.admin.createTopic('b', { partitions: 2 })
    world.cluster.admin.createTopic('a', { partitions: 3 })
    const connection = world.connect()
    const seen: string[] = []
    let cursor: RequestBody<'DescribeTopicPartitions'>['cursor'] = null
    for (let page = 0; page < 5; page += 1) {
      const { topics, nextCursor }: AnswerBody<'DescribeTopicPartitions'> = topicsOf(
        connection,
        [],
        2,
        cursor,
      )
      for (const { name, partitions } of topics)
        for (const { partitionIndex } of partitions) seen.push(`${name}/${partitionIndex}`)
      cursor = nextCursor
      if (cursor === null) break
    }
    expect(seen).toEqual(['a/0', 'a/1', 'a/2', 'b/0', 'b/1'])
  })
})

describe('ElectLeaders (KIP-460)', () => {
  const elect = (
    world: ProbeWorld,
    electionType: number,
    topicPartitions: RequestDraft<'ElectLeaders'>['topicPartitions'] = null,
  ): AnswerBody<'ElectLeaders'> =>
    world.connect('client', world.cluster.admin.isUp(0) ? 0 : 1).call('ElectLeaders', 2, {
      electionType,
      topicPartitions,
      timeoutMs: 1_000,
    }).answer

  it('gives leadership back to a replica that has caught up', () => {
    const world = createWorld({ brokers: 3, settings: REPLICATED })
    const { admin } = world.cluster
    admin.createTopic('t', { partitions: 1 })
    admin.stopBroker(0)
    const asked = [{ topic: 't', partitions: [0] }]
    const error = (answer: AnswerBody<'ElectLeaders'>): unknown =>
      answer.replicaElectionResults[0]?.partitionResult[0]?.errorCode
    expect(admin.leader('t', 0)).not.toBe(0)
    expect(error(elect(world, 0, asked))).toBe(80)
    admin.startBroker(0)
    world.clock.advance(60_000)
    expect(error(elect(world, 0, asked))).toBe(0)
    expect(admin.leader('t', 0)).toBe(0)
    expect(error(elect(world, 0, asked))).toBe(84)
    expect(elect(world, 0).replicaElectionResults).toEqual([])
  })
})

describe('DescribeLogDirs (KIP-113)', () => {
  it('shows how large the logs are that a broker has', () => {
    const world = createWorld({ brokers: 2 })
    const { admin } = world.cluster
    admin.createTopic('t', { partitions: 2 })
    for (let count = 0; count < 10; count += 1)
      admin.append({ topic: 't', partition: 0, key: null, value: Buffer.alloc(100) })
    const [dir] = world.connect().call('DescribeLogDirs', 4, { topics: null }).answer.results
    const topic = dir?.topics[0]
    expect(topic?.partitions).toMatchObject([{ partitionIndex: 0, offsetLag: 0n }])
    expect(Number(topic?.partitions[0]?.partitionSize)).toBeGreaterThan(1_000)
  })
})

describe('Produce by topic ids (KIP-516)', () => {
  it('knows the topic by its id, and no other one', () => {
    const world = createWorld()
    world.cluster.admin.createTopic('t', { partitions: 1 })
    const connection = world.connect()
    const [topic] = topicsOf(connection, ['t']).topics
    const records = encodeBatch({
      records: [{ timestamp: 0n, key: null, value: Buffer.from('v'), headers: [] }],
    })
    const answer = connection.call('Produce', 13, {
      transactionalId: null,
      acks: -1,
      timeoutMs: 1_000,
      topicData: [String(topic?.topicId), 'f'.repeat(32)].map((topicId) => ({
        topicId,
        partitionData: [{ index: 0, records }],
      })),
    })
    expect(answer.errors).toEqual(['NONE', 'UNKNOWN_TOPIC_ID'])
    expect(world.cluster.admin.logEnd('t', 0)).toBe(1n)
  })
})

describe('ListConfigResources (KIP-1142)', () => {
  it('lists topics and brokers', () => {
    const world = createWorld({ brokers: 2 })
    world.cluster.admin.createTopic('t', { partitions: 1 })
    const { configResources } = world
      .connect()
      .call('ListConfigResources', 1, { resourceTypes: [4, 2] }).answer
    expect(configResources).toEqual([
      { resourceName: 't', resourceType: 2 },
      { resourceName: '0', resourceType: 4 },
      { resourceName: '1', resourceType: 4 },
    ])
  })
})

describe('ApiVersions 4', () => {
  it('names features that may be off as supported, which older versions do not', () => {
    const connection = createWorld().connect()
    const supported = (version: number): unknown =>
      connection.call('ApiVersions', version, { clientSoftwareName: 'c', clientSoftwareVersion: '1' }).answer
        .supportedFeatures
    expect(supported(4)).toEqual([
      { name: 'group.version', minVersion: 0, maxVersion: 1 },
      { name: 'kraft.version', minVersion: 0, maxVersion: 1 },
      { name: 'metadata.version', minVersion: 7, maxVersion: 27 },
      { name: 'share.version', minVersion: 0, maxVersion: 1 },
      { name: 'transaction.version', minVersion: 0, maxVersion: 2 },
      { name: 'eligible.leader.replicas.version', minVersion: 0, maxVersion: 1 },
    ])
    expect(supported(3)).toEqual([{ name: 'metadata.version', minVersion: 7, maxVersion: 27 }])
  })

  it('names what a new cluster of the release has finalized', () => {
    const finalized = (settings: Record<string, number | string>): unknown =>
      createWorld({ settings })
        .connect()
        .call('ApiVersions', 3, { clientSoftwareName: 'c', clientSoftwareVersion: '1' }).answer
        .finalizedFeatures
    const eligible = { name: 'eligible.leader.replicas.version', maxVersionLevel: 1, minVersionLevel: 1 }
    expect(finalized({})).toContainEqual(eligible)
    expect(finalized({ 'onceover.release': '4.1' })).toContainEqual(eligible)
    expect(finalized({ 'onceover.eligible.leader.replicas.version': 0 })).not.toContainEqual(eligible)
    const metadata = { name: 'metadata.version', maxVersionLevel: 21, minVersionLevel: 21 }
    expect(finalized({ 'onceover.release': '3.9' })).toEqual([metadata])
  })
})
