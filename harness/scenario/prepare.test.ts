import { setTimeout as sleep } from 'node:timers/promises'
import { Kafka, logLevel } from 'kafkajs'
import { expect, it } from 'vitest'
import { atLeastOnce } from '../../properties/index.ts'
import type { AppContext } from '../core/scenario.ts'
import { prepareScenario } from './prepare.ts'

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
