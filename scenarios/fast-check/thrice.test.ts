import fc from 'fast-check'
import { defineScenario, exactlyOnce, type HistoryEvent } from 'onceover'
import { type Checker, eventLine, findingsOf, outcomeOf, schedules } from 'onceover/fast-check'
import { expect, test } from 'vitest'
import { startService } from '../service.ts'

/** Tells of each record that is begun a third time. */
function handledThrice(): Checker<string> {
  const times = new Map<string, number>()
  return {
    observe(event: HistoryEvent) {
      if (event.kind !== 'handler-start') return null
      const record = `${event.topic}/${event.partition}@${event.offset}`
      times.set(record, (times.get(record) ?? 0) + 1)
      return times.get(record) === 3 ? `${record} is handled a third time` : null
    },
    finish: () => [],
  }
}

const scenario = defineScenario({
  name: 'large amounts, which take three attempts',
  topics: { amounts: { partitions: 1 } },
  records: {
    amounts: { count: 3, each: fc.record({ value: fc.integer({ min: 0, max: 1_000 }).map(String) }) },
  },
  consumers: 1,
  app: (context) => {
    const tries = new Map<string, number>()
    return startService(context, {
      group: 'amounts',
      topics: ['amounts'],
      run: () => ({
        eachMessage: async ({ message: { offset, value } }) => {
          const before = tries.get(offset) ?? 0
          tries.set(offset, before + 1)
          if (Number(String(value)) >= 500 && before < 2) throw new Error('too large')
        },
      }),
    })
  },
  guarantee: exactlyOnce(),
  effects: 'handlers',
})

test('a property of one’s own shrinks schedules and the values of their records', async () => {
  const property = fc.asyncProperty(await schedules(scenario), async (schedule) => {
    const { history } = await outcomeOf(scenario, schedule)
    return findingsOf(history, handledThrice()).length === 0
  })
  const { failed, counterexample } = await fc.check(property, { seed: 1, numRuns: 20 })
  expect(failed).toBe(true)
  const [schedule] = counterexample ?? []
  expect(schedule).toMatchObject({ faults: [], holds: [], workload: { consumers: 1 } })
  expect(schedule?.workload.records.map(({ value }) => value)).toEqual(['500'])
})

test('an outcome is the whole run, also where the guarantee is violated', async () => {
  const credulous = defineScenario({
    ...scenario,
    name: 'pays, and fails once',
    records: { amounts: 2 },
    effects: 'reported',
    app: (context) => {
      let failed = false
      return startService(context, {
        group: 'amounts',
        topics: ['amounts'],
        run: () => ({
          eachMessage: async ({ topic, partition, message: { offset } }) => {
            await context.effects.record({ topic, partition, offset }, 'paid')
            if (failed) return
            failed = true
            throw new Error('after the payment')
          },
        }),
      })
    },
  })
  const [schedule] = fc.sample(await schedules(credulous), { seed: 3, numRuns: 1 })
  if (schedule === undefined) throw new Error('fast-check gave no schedule')
  const { verdict, violations, history } = await outcomeOf(credulous, { ...schedule, faults: [], holds: [] })
  expect([verdict, violations[0]?.property]).toEqual(['violated', 'duplicate-effect'])
  expect(history.events.at(-1)).toMatchObject({ kind: 'phase', phase: 'end' })
})

test('a checker may find something at the end', () => {
  const missing: Checker<string> = { observe: () => null, finish: () => ['nothing was ever handled'] }
  expect(findingsOf({ events: [] }, missing)).toEqual(['nothing was ever handled'])
})

test('the same schedule has the same outcome', async () => {
  const [schedule] = fc.sample(await schedules(scenario), { seed: 3, numRuns: 1 })
  if (schedule === undefined) throw new Error('fast-check gave no schedule')
  const lines = async (): Promise<string[]> =>
    (await outcomeOf(scenario, schedule)).history.events.map((event) => eventLine(event))
  const first = await lines()
  expect(first.length).toBeGreaterThan(10)
  expect(await lines()).toEqual(first)
})
