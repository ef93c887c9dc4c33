import { Kafka, logLevel, type SASLOptions } from 'kafkajs'
import { describe, expect, it } from 'vitest'
import type { Observation } from '../core/history.ts'
import { type ServedCluster, serve } from '../serve/index.ts'

/** Unmodified kafkajs over real TCP in real time: the client is the judge of the bytes. */
describe('kafkajs 2.2.4 over TCP', () => {
  const observed: Observation[] = []

  function start(brokers = 3): Promise<ServedCluster> {
    observed.length = 0
    return serve({
      brokers,
      observer: { observe: (observation) => void observed.push(observation) },
      settings: { 'group.initial.rebalance.delay.ms': 100, 'onceover.coordinator.load.ms': 20 },
    })
  }

  function clientOf({ addresses }: ServedCluster): Kafka {
    return new Kafka({
      clientId: 'app',
      brokers: [...addresses],
      logLevel: logLevel.NOTHING,
      retry: { initialRetryTime: 20, retries: 10 },
    })
  }

  it('100 records go through a topic of four partitions to a group of two consumers, once each', async () => {
    await using tcp = await start()
    const kafka = clientOf(tcp)
    const admin = kafka.admin()
    await admin.connect()
    await admin.createTopics({ topics: [{ topic: 'orders', numPartitions: 4 }] })
    const producer = kafka.producer({ idempotent: true })
    await producer.connect()
    const sent = Array.from({ length: 100 }, (_, index) => ({ key: `key-${index}`, value: `value-${index}` }))
    await producer.send({ topic: 'orders', messages: sent.slice(0, 60) })
    await producer.send({ topic: 'orders', messages: sent.slice(60), compression: 1 })
    const got: string[] = []
    const consumers = await Promise.all(
      [0, 1].map(async () => {
        const consumer = kafka.consumer({ groupId: 'workers', maxWaitTimeInMs: 50, heartbeatInterval: 100 })
        await consumer.connect()
        await consumer.subscribe({ topic: 'orders', fromBeginning: true })
        await consumer.run({ eachMessage: async ({ message }) => void got.push(String(message.value)) })
        return consumer
      }),
    )
    await expect.poll(() => got.length).toBe(100)
    for (const consumer of consumers) await consumer.disconnect()
    expect(got.toSorted()).toEqual(sent.map(({ value }) => value).toSorted())
    const offsets = await admin.fetchOffsets({ groupId: 'workers', topics: ['orders'] })
    const ends = await admin.fetchTopicOffsets('orders')
    const byPartition = (a: { partition: number }, b: { partition: number }): number =>
      a.partition - b.partition
    expect(offsets[0]?.partitions.toSorted(byPartition).map(({ offset }) => offset)).toEqual(
      ends.toSorted(byPartition).map(({ high }) => high),
    )
    await producer.disconnect()
    await admin.disconnect()
  })

  it('admin: topics, partitions, configurations, groups, offsets and records', async () => {
    await using tcp = await start()
    const kafka = clientOf(tcp)
    const admin = kafka.admin()
    await admin.connect()
    expect((await admin.describeCluster()).brokers).toHaveLength(3)
    expect(await admin.createTopics({ topics: [{ topic: 'a', numPartitions: 2 }] })).toBe(true)
    expect(await admin.createTopics({ topics: [{ topic: 'a' }] })).toBe(false)
    await admin.createPartitions({ topicPartitions: [{ topic: 'a', count: 3 }] })
    expect(await admin.listTopics()).toEqual(['a'])
    const { topics } = await admin.fetchTopicMetadata({ topics: ['a'] })
    expect(topics[0]?.partitions.map(({ leader }) => leader).toSorted()).toEqual([0, 1, 2])
    await admin.describeConfigs({ includeSynonyms: false, resources: [{ type: 2, name: 'a' }] })

    const producer = kafka.producer()
    await producer.connect()
    const messages = ['one', 'two', 'three'].map((value, index) => ({
      value,
      partition: 0,
      timestamp: String(1_000 * (index + 1)),
    }))
    await producer.send({ topic: 'a', messages })
    const later = await admin.fetchTopicOffsetsByTimestamp('a', 1_500)
    expect(later.find(({ partition }) => partition === 0)?.offset).toBe('1')
    await admin.deleteTopicRecords({ topic: 'a', partitions: [{ partition: 0, offset: '2' }] })
    const [first] = (await admin.fetchTopicOffsets('a')).filter(({ partition }) => partition === 0)
    expect(first).toMatchObject({ low: '2', high: '3' })

    await admin.setOffsets({ groupId: 'g', topic: 'a', partitions: [{ partition: 0, offset: '2' }] })
    expect(tcp.admin.committed('g', 'a', 0)).toBe(2n)
    await admin.resetOffsets({ groupId: 'g', topic: 'a', earliest: true })
    expect(tcp.admin.committed('g', 'a', 0)).toBe(-2n)
    await admin.setOffsets({ groupId: 'g', topic: 'a', partitions: [{ partition: 0, offset: '2' }] })
    expect((await admin.listGroups()).groups.map(({ groupId }) => groupId)).toEqual(['g'])
    expect((await admin.describeGroups(['g'])).groups[0]).toMatchObject({ groupId: 'g', state: 'Empty' })
    expect(await admin.deleteGroups(['g'])).toMatchObject([{ groupId: 'g', errorCode: 0 }])
    await admin.deleteTopics({ topics: ['a'] })
    // As in Kafka, the coordinators' own topic is there once somebody has looked for a coordinator.
    expect(await admin.listTopics()).toEqual(['__consumer_offsets'])
    await producer.disconnect()
    await admin.disconnect()
  })

  it('transactions: offsets and records together, an abort unseen, a zombie fenced', async () => {
    await using tcp = await start()
    const kafka = clientOf(tcp)
    for (const topic of ['in', 'out']) tcp.admin.createTopic(topic, { partitions: 2 })
    const producer = kafka.producer({ transactionalId: 'copier', maxInFlightRequests: 1, idempotent: true })
    await producer.connect()
    const offsets = (offset: string): Parameters<typeof committed.sendOffsets>[0] => ({
      consumerGroupId: 'g',
      topics: [{ topic: 'in', partitions: [{ partition: 0, offset }] }],
    })
    const committed = await producer.transaction()
    await committed.send({
      topic: 'out',
      messages: [
        { value: 'a', partition: 0 },
        { value: 'b', partition: 1 },
      ],
    })
    await committed.sendOffsets(offsets('1'))
    await committed.commit()
    const aborted = await producer.transaction()
    await aborted.send({ topic: 'out', messages: [{ value: 'never', partition: 0 }] })
    await aborted.sendOffsets(offsets('2'))
    await aborted.abort()
    const successor = kafka.producer({ transactionalId: 'copier', maxInFlightRequests: 1, idempotent: true })
    await successor.connect()
    // The zombie's transaction is open when its successor comes.
    const zombie = await producer.transaction()
    await zombie.send({ topic: 'out', messages: [{ value: 'zombie', partition: 0 }] })
    const next = await successor.transaction()
    await expect(zombie.commit()).rejects.toThrow(/epoch/)
    await next.send({ topic: 'out', messages: [{ value: 'c', partition: 0 }] })
    await next.commit()
    const got: string[] = []
    const consumer = kafka.consumer({ groupId: 'readers', maxWaitTimeInMs: 50 })
    await consumer.connect()
    await consumer.subscribe({ topic: 'out', fromBeginning: true })
    await consumer.run({ eachMessage: async ({ message }) => void got.push(String(message.value)) })
    await expect.poll(() => got.toSorted().join()).toBe('a,b,c')
    expect(tcp.admin.committed('g', 'in', 0)).toBe(1n)
    await consumer.disconnect()
    for (const each of [producer, successor]) await each.disconnect()
  })

  it('any user with any password is let in with SASL PLAIN; SCRAM is refused', async () => {
    await using tcp = await start(1)
    const login = async (mechanism: 'plain' | 'scram-sha-256'): Promise<void> => {
      const kafka = new Kafka({
        brokers: [...tcp.addresses],
        logLevel: logLevel.NOTHING,
        retry: { retries: 0 },
        sasl: { mechanism, username: 'u', password: 'p' } as SASLOptions,
      })
      const admin = kafka.admin()
      await admin.connect()
      await admin.disconnect()
    }
    await login('plain')
    await expect(login('scram-sha-256')).rejects.toThrow(/mechanism/)
  })

  // Real sockets and real time: on a machine that is busy with something else it may need another
  // try.
  it('a consumer misses nothing while its coordinator and its leaders move and a broker goes down', {
    retry: 3,
  }, async () => {
    await using tcp = await start()
    const kafka = clientOf(tcp)
    const { admin } = tcp
    admin.createTopic('orders', { partitions: 3, startOffset: 9_007_199_254_740_993n })
    const append = (partition: number, value: string): void =>
      void admin.append({ topic: 'orders', partition, key: null, value: Buffer.from(value) })
    const got: string[] = []
    const consumer = kafka.consumer({
      groupId: 'workers',
      maxWaitTimeInMs: 50,
      heartbeatInterval: 100,
      sessionTimeout: 6_000,
    })
    await consumer.connect()
    await consumer.subscribe({ topic: 'orders', fromBeginning: true })
    await consumer.run({ eachMessage: async ({ message }) => void got.push(String(message.value)) })
    append(0, 'first')
    const distinct = (): string[] => [...new Set(got)]
    await expect.poll(distinct).toEqual(['first'])
    admin.moveCoordinator('workers')
    admin.moveLeader('orders', 1)
    append(1, 'moved')
    await expect.poll(distinct).toEqual(['first', 'moved'])
    admin.stopBroker(admin.coordinator('workers') ?? 0)
    append(2, 'survived')
    await expect.poll(distinct).toEqual(['first', 'moved', 'survived'])
    // A commit that the moves refused comes again with the record that is read again.
    await expect.poll(() => admin.committed('workers', 'orders', 1)).toBe(9_007_199_254_740_994n)
    await consumer.disconnect()
  })
})
