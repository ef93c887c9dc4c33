import fc from 'fast-check'
import { Kafka, logLevel } from 'kafkajs'
import { describe, expect, it } from 'vitest'
import { atLeastOnce } from '../../properties/index.ts'
import type { AppContext, Scenario } from '../core/scenario.ts'
import type { PreparedScenario } from '../run/run.interface.ts'
import { prepareScenario } from '../scenario/prepare.ts'
import { scheduleArbitrary } from './arbitrary.ts'
import { search } from './search.ts'

const each = fc.record({
  key: fc.constantFrom('a', 'b', 'c'),
  value: fc.nat(1_000).map((amount) => JSON.stringify({ amount })),
  headers: fc.record({ trace: fc.string({ maxLength: 8 }) }),
  atMs: fc.nat(5_000),
})

/** Forgets large orders, once it has been given one before. */
async function forgetsLarge(context: AppContext): Promise<void> {
  const kafka = new Kafka({
    clientId: context.instance,
    brokers: context.brokers,
    logLevel: logLevel.NOTHING,
  })
  const consumer = kafka.consumer({ groupId: 'orders' })
  await consumer.connect()
  await consumer.subscribe({ topics: ['orders'], fromBeginning: true })
  let large = 0
  await consumer.run({
    eachMessage: async ({ topic, partition, message }) => {
      const { amount } = JSON.parse(String(message.value)) as { amount: number }
      if (amount >= 100) large += 1
      if (amount >= 100 && large > 1) return
      await context.effects.record({ topic, partition, offset: message.offset })
    },
  })
}

async function prepare(): Promise<PreparedScenario> {
  const scenario: Scenario = {
    name: 'forgets large',
    topics: { orders: { partitions: 1 } },
    records: { orders: { count: 12, each } },
    consumers: 1,
    app: forgetsLarge,
    guarantee: atLeastOnce(),
  }
  return prepareScenario(scenario, { file: null })
}

/** The smallest workload that it loses a record of: the values are the least that are large. */
const SMALLEST = [
  { key: 'a', value: '{"amount":100}', headers: { trace: '' }, atMs: 0 },
  { key: 'a', value: '{"amount":100}', headers: { trace: '' }, atMs: 0 },
].map((record) => ({ topic: 'orders', partition: 0, ...record }))

describe('values that are drawn from an arbitrary', () => {
  it('shrink with the schedule in a search', async () => {
    const outcome = await search(await prepare(), { seed: '1', runs: 50, strategy: 'portfolio' })
    if (outcome.outcome !== 'violated') throw new Error(`the outcome is ${outcome.outcome}`)
    expect(outcome.finding.property).toBe('lost-record')
    const { schedule, oneMinimal, repeatable } = outcome.shrunk
    expect(schedule.faults).toEqual([])
    expect(schedule.workload.records).toEqual(SMALLEST)
    expect([oneMinimal, repeatable]).toEqual([true, true])
  })

  it('shrink in the same way in a property of fast-check', async () => {
    const prepared = await prepare()
    const holds = fc.asyncProperty(await scheduleArbitrary(prepared), async (schedule) => {
      const { verdict } = await prepared.run(schedule)
      return verdict.verdict !== 'violated'
    })
    const { counterexample } = await fc.check(holds, { seed: 1, numRuns: 50 })
    expect(counterexample?.[0]?.workload.records).toEqual(SMALLEST)
  })
})
