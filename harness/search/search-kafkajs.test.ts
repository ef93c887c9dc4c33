import { type Consumer, Kafka, logLevel } from 'kafkajs'
import { expect, it } from 'vitest'
import type { AppContext } from '../core/scenario.ts'
import { prepareScenario } from '../scenario/prepare.ts'
import { search } from './search.ts'

/**
 * Commits before it processes: the smallest loss there is takes one record and a crash in between.
 */
async function commitsFirst(context: AppContext): Promise<void> {
  const kafka = new Kafka({
    clientId: context.instance,
    brokers: context.brokers,
    logLevel: logLevel.NOTHING,
  })
  const consumer: Consumer = kafka.consumer({ groupId: 'orders' })
  await consumer.connect()
  await consumer.subscribe({ topics: ['orders'], fromBeginning: true })
  await consumer.run({
    autoCommit: false,
    eachMessage: async ({ topic, partition, message }) => {
      const offset = (BigInt(message.offset) + 1n).toString()
      await consumer.commitOffsets([{ topic, partition, offset }])
      await context.effects.record({ topic, partition, offset: message.offset })
    },
  })
}

it('a kafkajs consumer that commits first is shrunk to one record and one crash after its commit', async () => {
  const prepared = await prepareScenario(
    {
      name: 'commits first',
      topics: { orders: { partitions: 3 } },
      records: { orders: 12 },
      consumers: 2,
      app: commitsFirst,
      guarantee: { model: 'at-least-once', options: {} },
    },
    { file: null },
  )
  const outcome = await search(prepared, { seed: 'kafkajs', runs: 500, strategy: 'portfolio' })
  if (outcome.outcome !== 'violated') throw new Error(`the outcome is ${outcome.outcome}`)
  expect(outcome.finding.property).toBe('lost-record')
  const { schedule, oneMinimal, repeatable } = outcome.shrunk
  expect({ oneMinimal, repeatable }).toEqual({ oneMinimal: true, repeatable: true })
  expect(schedule.workload).toMatchObject({ consumers: 1, topics: { orders: { partitions: 1 } } })
  expect(schedule.workload.records).toHaveLength(1)
  expect(schedule.holds).toEqual([])
  expect(schedule.faults).toMatchObject([
    { kind: 'crash', target: 'consumer-0', at: { event: 'consumer-0 OffsetCommit#1 applied' } },
  ])
})
