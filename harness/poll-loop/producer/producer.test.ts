import { describe, expect, it } from 'vitest'
import { type ServedCluster, serve } from '../../serve/index.ts'
import { Consumer, type ConsumerSettings, KafkaException, Producer, type ProducerSettings } from '../index.ts'

const T0 = { topic: 't', partition: 0 }
const NO_DELAY = { 'group.initial.rebalance.delay.ms': 0 }

async function within(test: (served: ServedCluster) => Promise<void>): Promise<void> {
  await using served = await serve({ topics: { t: 1 }, settings: NO_DELAY, seed: 'producer' })
  await test(served)
}

function producerOf({ addresses }: ServedCluster, settings: ProducerSettings = {}): Producer {
  return new Producer({ 'bootstrap.servers': addresses, 'retry.backoff.ms': 5, ...settings })
}

async function valuesRead(served: ServedCluster, isolation: string): Promise<string[]> {
  const consumer = consumerOf(served, { 'isolation.level': isolation })
  consumer.assign([T0])
  consumer.seekToBeginning()
  const [end] = await consumer.endOffsets([T0])
  const values: string[] = []
  while ((await consumer.position(T0)) < (end?.offset ?? 0n))
    for (const { value } of await consumer.poll(100)) values.push(String(value))
  await consumer.close()
  return values
}

function consumerOf({ addresses }: ServedCluster, settings: ConsumerSettings): Consumer {
  return new Consumer({ 'bootstrap.servers': addresses, 'fetch.max.wait.ms': 20, ...settings })
}

async function nameOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'nothing',
    (error: unknown) => (error instanceof KafkaException ? error.name : String(error)),
  )
}

describe('the producer of the poll loop', () => {
  it('gives a record once where the answer to its Produce is lost, and twice without idempotence', () =>
    within(async (served) => {
      for (const [settings, count] of [
        [{}, 1],
        [{ acks: '1' }, 2],
      ] as const) {
        const producer = producerOf(served, settings)
        const value = `acks ${settings.acks ?? 'all'}`
        await producer.send({ topic: 't', value: 'first' })
        served.fault({ request: 'Produce', kind: 'disconnect-after' })
        await producer.send({ topic: 't', value })
        await producer.close()
        const found = await valuesRead(served, 'read_uncommitted')
        expect(found.filter((each) => each === value)).toHaveLength(count)
      }
    }))

  it('goes on behind a batch that was refused, with the next epoch, in a transaction or none', () =>
    within(async (served) => {
      const plain = producerOf(served)
      await plain.send({ topic: 't', value: 'first' })
      served.fault({ request: 'Produce', kind: 'error', error: 'UNKNOWN_SERVER_ERROR' })
      expect(await nameOf(plain.send({ topic: 't', value: 'refused' }))).toBe('KafkaException')
      await plain.send({ topic: 't', value: 'second' })
      await plain.close()

      const transactional = producerOf(served, { 'transactional.id': 'one' })
      await transactional.initTransactions()
      transactional.beginTransaction()
      await transactional.send({ topic: 't', value: 'aborted' })
      served.fault({ request: 'Produce', kind: 'error', error: 'UNKNOWN_SERVER_ERROR' })
      await nameOf(transactional.send({ topic: 't', value: 'refused' }))
      await transactional.abortTransaction()
      transactional.beginTransaction()
      await transactional.send({ topic: 't', value: 'third' })
      await transactional.commitTransaction()
      await transactional.close()
      // A transaction is answered before its marker is written.
      await expect
        .poll(() => valuesRead(served, 'read_committed'), { timeout: 10_000 })
        .toEqual(['first', 'second', 'third'])
    }))

  it('an abort that could not have the next epoch in time can be called again', () =>
    within(async (served) => {
      const producer = producerOf(served, { 'transactional.id': 'one', 'max.block.ms': 300 })
      await producer.initTransactions()
      producer.beginTransaction()
      served.fault({ request: 'Produce', kind: 'error', error: 'UNKNOWN_SERVER_ERROR' })
      await nameOf(producer.send({ topic: 't', value: 'refused' }))
      const error = {
        request: 'InitProducerId',
        kind: 'error',
        error: 'COORDINATOR_LOAD_IN_PROGRESS',
      } as const
      const busy = served.fault({ ...error, when: 'always' })
      expect(await nameOf(producer.abortTransaction())).not.toBe('nothing')
      busy.remove()
      await producer.abortTransaction()
      producer.beginTransaction()
      await producer.send({ topic: 't', value: 'sent' })
      await producer.commitTransaction()
      await producer.close()
      await expect.poll(() => valuesRead(served, 'read_committed'), { timeout: 10_000 }).toEqual(['sent'])
    }))

  it('asks for its id again where it was refused', () =>
    within(async (served) => {
      const producer = producerOf(served, { 'delivery.timeout.ms': 50 })
      served.fault({ request: 'InitProducerId', kind: 'error', error: 'UNKNOWN_SERVER_ERROR' })
      expect(await nameOf(producer.send({ topic: 't', value: 'refused' }))).toBe('KafkaException')
      await producer.send({ topic: 't', value: 'sent' })
      await producer.close()
      expect(await valuesRead(served, 'read_uncommitted')).toEqual(['sent'])
    }))

  it('keys go where Java sends them, offsets come back', () =>
    within(async (served) => {
      served.admin.createTopic('many', { partitions: 10 })
      const producer = producerOf(served)
      const sent = await Promise.all(
        ['a', 'b', 'a'].map((key) => producer.send({ topic: 'many', key, value: key })),
      )
      expect(sent[2]).toEqual({ ...sent[0], offset: (sent[0]?.offset ?? 0n) + 1n })
      await producer.close()
    }))

  it('records without a key stay in one partition until a batch is full', () =>
    within(async (served) => {
      served.admin.createTopic('many', { partitions: 10 })
      const producer = producerOf(served, { 'batch.size': 100 })
      const sent: number[] = []
      for (let each = 0; each < 80; each += 1)
        sent.push((await producer.send({ topic: 'many', value: '0123456789' })).partition)
      await producer.close()
      const batches = Array.from(
        { length: 8 },
        (_, batch) => new Set(sent.slice(batch * 10, batch * 10 + 10)),
      )
      expect(batches.map(({ size }) => size)).toEqual(Array.from({ length: 8 }, () => 1))
      expect(new Set(sent).size).toBeGreaterThan(1)
    }))

  it('sees partitions that were added, within metadata.max.age.ms', () =>
    within(async (served) => {
      const producer = producerOf(served, { 'metadata.max.age.ms': 20 })
      expect((await producer.send({ topic: 't', key: 'd', value: '' })).partition).toBe(0)
      served.admin.addPartitions('t', 1)
      const later = async (): Promise<number> => {
        await new Promise((resolve) => setTimeout(resolve, 30))
        return (await producer.send({ topic: 't', key: 'd', value: '' })).partition
      }
      await expect.poll(later, { timeout: 10_000 }).toBe(1)
      await producer.close()
    }))

  it('a transaction is seen when it is committed, and never when it is aborted', () =>
    within(async (served) => {
      const producer = producerOf(served, { 'transactional.id': 'one' })
      expect(() => producer.beginTransaction()).toThrow('initTransactions()')
      await producer.initTransactions()
      for (const value of ['kept', 'dropped']) {
        producer.beginTransaction()
        await producer.send({ topic: 't', value })
        await (value === 'kept' ? producer.commitTransaction() : producer.abortTransaction())
      }
      await producer.close()
      expect(await valuesRead(served, 'read_committed')).toEqual(['kept'])
      expect(await valuesRead(served, 'read_uncommitted')).toEqual(['kept', 'dropped'])
    }))

  it('a transaction has what was sent in it, whether somebody waited for that or not', () =>
    within(async (served) => {
      const producer = producerOf(served, { 'transactional.id': 'one' })
      await producer.initTransactions()
      producer.beginTransaction()
      const sent = ['1', '2'].map((value) => producer.send({ topic: 't', value }))
      await producer.commitTransaction()
      expect((await Promise.all(sent)).map(({ offset }) => offset)).toEqual([0n, 1n])
      producer.beginTransaction()
      await producer.send({ topic: 't', value: 'dropped' })
      await producer.abortTransaction()
      await producer.close()
      expect(await valuesRead(served, 'read_committed')).toEqual(['1', '2'])
    }))

  it('a transaction with a record that found no topic in time can only be aborted', async () => {
    const settings = { ...NO_DELAY, 'auto.create.topics.enable': false }
    await using served = await serve({ topics: { t: 1 }, settings, seed: 'producer' })
    const producer = producerOf(served, { 'transactional.id': 'one', 'max.block.ms': 300 })
    await producer.initTransactions()
    producer.beginTransaction()
    await producer.send({ topic: 't', value: 'dropped' })
    const sent = nameOf(producer.send({ topic: 'nowhere', value: 'dropped' }))
    expect(await nameOf(producer.commitTransaction())).not.toBe('nothing')
    expect(await sent).toBe('TimeoutException')
    await producer.abortTransaction()
    await producer.close()
    expect(await valuesRead(served, 'read_committed')).toEqual([])
  })

  it('offsets are committed with their transaction, of a member of the group only', () =>
    within(async (served) => {
      const producer = producerOf(served, { 'transactional.id': 'one' })
      await producer.initTransactions()
      const consumer = consumerOf(served, { 'group.id': 'g', 'enable.auto.commit': false })
      consumer.subscribe(['t'])
      while (consumer.assignment.length === 0) await consumer.poll(20)
      const offsets = [{ ...T0, offset: 3n }]
      producer.beginTransaction()
      await producer.sendOffsetsToTransaction(offsets, consumer.groupMetadata())
      await producer.commitTransaction()
      expect((await consumer.committed([T0]))[0]?.offset).toBe(3n)

      const stale = { ...consumer.groupMetadata(), generationId: 0 }
      producer.beginTransaction()
      expect(await nameOf(producer.sendOffsetsToTransaction([{ ...T0, offset: 9n }], stale))).toBe(
        'CommitFailedException',
      )
      expect(await nameOf(producer.commitTransaction())).not.toBe('nothing')
      await producer.abortTransaction()
      expect((await consumer.committed([T0]))[0]?.offset).toBe(3n)
      await consumer.close()
      await producer.close()
    }))

  it('who has the transactional id now fences who had it before', () =>
    within(async (served) => {
      const [old, young] = [1, 2].map(() => producerOf(served, { 'transactional.id': 'one' }))
      await old?.initTransactions()
      old?.beginTransaction()
      await old?.send({ topic: 't', value: 'of the old one' })
      await young?.initTransactions()
      expect(await nameOf(old?.send({ topic: 't', value: 'late' }) ?? Promise.resolve())).toBe(
        'InvalidProducerEpochException',
      )
      expect(await nameOf(old?.commitTransaction() ?? Promise.resolve())).not.toBe('nothing')
      expect(await valuesRead(served, 'read_committed')).toEqual([])
      await young?.close()
      await old?.close()
    }))
})
