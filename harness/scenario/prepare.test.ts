import { setTimeout as sleep } from 'node:timers/promises'
import { Kafka, logLevel } from 'kafkajs'
import { describe, expect, it } from 'vitest'
import { atLeastOnce } from '../../properties/index.ts'
import type { AppContext, Scenario } from '../core/scenario.ts'
import { prepareScenario } from './prepare.ts'
import { handling } from './testing/consumers.ts'

/** Consumes `work` at once, and `again` only so many milliseconds later. */
function oneAfterTheOther(lateMs: number): (context: AppContext) => Promise<void> {
  return async ({ instance, brokers, effects }) => {
    const kafka = new Kafka({ clientId: instance, brokers, logLevel: logLevel.NOTHING })
    const consume = async (topic: string): Promise<void> => {
      const consumer = kafka.consumer({ groupId: topic })
      await consumer.connect()
      await consumer.subscribe({ topics: [topic], fromBeginning: true })
      await consumer.run({
        eachMessage: ({ partition, message }) => effects.record({ topic, partition, offset: message.offset }),
      })
    }
    await consume('work')
    await sleep(lateMs)
    await consume('again')
  }
}

it('the topics of consumers that start late are known, though all records were consumed long before', async () => {
  const { consumed } = await prepareScenario(
    {
      name: 'late',
      topics: { work: { partitions: 1 }, again: { partitions: 1 } },
      records: { work: 1 },
      consumers: 1,
      app: oneAfterTheOther(20_000),
      guarantee: atLeastOnce(),
    },
    { file: import.meta.filename },
  )
  expect(consumed.toSorted()).toEqual(['again', 'work'])
})

describe('an identity', () => {
  const prepare = (identity: NonNullable<Scenario['identity']>): Promise<unknown> =>
    prepareScenario(
      {
        name: 'billed',
        topics: { work: { partitions: 1 }, unread: { partitions: 1 } },
        records: { work: [{ value: 'not JSON' }, { value: '{"id":1}' }], unread: 1 },
        consumers: 1,
        app: handling(async () => {}),
        effects: 'handlers',
        guarantee: atLeastOnce(),
        identity,
      },
      { file: import.meta.filename },
    )

  it.each<[string, NonNullable<Scenario['identity']>]>([
    [
      'throws TypeError: no value for every record',
      () => {
        throw new TypeError('no value')
      },
    ],
    ['gives undefined for every record', ({ value }) => Object(value).id],
    ['gives null for every record', ({ topic }) => (topic === 'unread' ? topic : (null as never))],
  ])('that %s is wrong use', async (what, identity) => {
    await expect(prepare(identity)).rejects.toThrow(`the identity of 'billed' ${what}; mend it: identity: `)
  })

  it('may fail for some records', async () => {
    await expect(prepare(({ value }) => JSON.parse(value ?? '').id)).resolves.toBeDefined()
  })
})
