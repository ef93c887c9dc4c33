import { Kafka, logLevel } from 'kafkajs'
import { describe, expect, it } from 'vitest'
import { atLeastOnce, exactlyOnce } from '../../properties/index.ts'
import { historyOf } from '../../properties/testing/history.ts'
import type { History } from '../core/history.ts'
import type { AppContext, Scenario } from '../core/scenario.ts'
import { defineScenario } from './define.ts'
import { prepareScenario } from './prepare.ts'
import { handling, reportingConsumer } from './testing/consumers.ts'
import { silentGroups, unreadTopics, whatCounts } from './what-counts.ts'

const base: Scenario = {
  name: 'work',
  topics: { work: { partitions: 1 } },
  records: { work: 2 },
  consumers: 1,
  app: reportingConsumer,
  guarantee: atLeastOnce(),
}

const silent = { consumed: ['work'], clients: ['kafkajs'], reportsEffects: false, usesStore: false }

describe('what completes a record', () => {
  it.each([
    ['an effect that was reported in the run without faults', true, '', 'reported'],
    ['a handler, where the code knows no effects', false, 'await save(message.value)', 'handlers'],
    ['what is reported late', false, 'setTimeout(() => context.effects.record(at), 9_000)', 'reported'],
    ['what another module reports', false, 'const { effects } = context; saveOrder(effects, at)', 'reported'],
    ['an effect of a transaction', false, 'store.transaction((tx) => tx.effect(at))', 'reported'],
    ['a handler, where the app only gives records up', false, "context.effects.skip(at, 'old')", 'handlers'],
    ['a handler, where only a comment speaks of effects', false, '// no effects here\nrun()', 'handlers'],
  ])('%s', (_, reportsEffects, source, effects) => {
    expect(whatCounts(base, { ...silent, reportsEffects }, source).effects).toBe(effects)
  })

  it('is either a handler or what is reported', async () => {
    await expect(
      prepareScenario({ ...base, effects: 'handlers' }, { file: import.meta.filename }),
    ).rejects.toThrow("has effects: 'handlers', and its app calls context.effects.record as well")
  })

  it('is said in the report, unless the app or the scenario has said so', () => {
    expect(whatCounts(base, silent, '').remarks).toHaveLength(1)
    expect(whatCounts({ ...base, effects: 'handlers' }, silent, '').remarks).toEqual([])
    expect(whatCounts({ ...base, effects: 'reported' }, silent, '').remarks).toEqual([])
    expect(whatCounts(base, { ...silent, reportsEffects: true }, '').remarks).toEqual([])
  })

  it('is nothing but a report, where records are held back until all are lost', async () => {
    const app = (context: AppContext): Promise<void> =>
      handling(async (record) => {
        // A day that never comes while there are records.
        if (Date.now() > Date.parse('2030-01-01')) await context.effects.record(record)
      })(context)
    const prepared = await prepareScenario({ ...base, app }, { file: import.meta.filename })
    const workload = prepared.workload('1')
    const { verdict } = await prepared.run({ seed: '1', workload, faults: [], holds: [] })
    expect(verdict.violations.map(({ property }) => property)).toContain('commit-ahead')
    expect(prepared.remarks.join()).toContain("write effects: 'handlers'")
  })
})

describe('labels of effects', () => {
  const labelled = (...labels: readonly (() => string)[]): Scenario['app'] =>
    handling(async (record, { effects }) => {
      for (const label of labels) await effects.record(record, label())
    })
  const crash = {
    kind: 'crash',
    target: 'consumer-0',
    at: { event: 'consumer-0 effect work/0@0' },
    restartMs: 100,
  } as const

  it.each([
    ['a time in its label hides no second effect', [() => `charged at ${Date.now()}`], 'violated'],
    ['effects with names of their own are counted one by one', [() => 'charged', () => 'mailed'], 'violated'],
  ])('%s', async (_, labels, expected) => {
    const app = labelled(...labels)
    const scenario = { ...base, app, guarantee: exactlyOnce() }
    const prepared = await prepareScenario(scenario, { file: import.meta.filename })
    const workload = prepared.workload('1')
    const calm = await prepared.run({ seed: '1', workload, faults: [], holds: [] })
    expect(calm.verdict.violations).toEqual([])
    const { verdict } = await prepared.run({ seed: '1', workload, faults: [crash], holds: [] })
    expect(verdict.verdict).toBe(expected)
    expect(verdict.violations[0]?.property).toBe('duplicate-effect')
  })
})

describe('topics that nobody reads', () => {
  const topics = { work: { partitions: 1 }, mail: { partitions: 1 }, dead: { partitions: 1 } }
  const records = { work: 2, mail: 3, dead: 1 }

  it('are named', () => {
    expect(unreadTopics({ ...base, topics, records }, ['work', 'dead'])).toEqual([
      'nobody reads the records of mail: the app subscribes to work, dead',
    ])
  })

  it('are as they should be where the guarantee names them', () => {
    const guarantee = atLeastOnce({ deadLetter: 'dead', outputs: ['mail'] })
    expect(unreadTopics({ ...base, topics, records, guarantee }, ['work'])).toEqual([])
  })
})

it('what counts is one of two words', () => {
  expect(() => defineScenario({ ...base, effects: 'handler' as 'handlers' })).toThrow(
    "the scenario 'work' has 'handler' as 'effects'; did you mean 'handlers'?",
  )
})

describe('a group that commits nothing', () => {
  const remarksOf = async (autoCommit: boolean): Promise<readonly string[]> => {
    const app = async ({ brokers }: AppContext): Promise<void> => {
      const kafka = new Kafka({ clientId: 'p', brokers, logLevel: logLevel.NOTHING })
      const consumer = kafka.consumer({ groupId: 'work-group' })
      await consumer.connect()
      await consumer.subscribe({ topics: ['work'], fromBeginning: true })
      await consumer.run({
        autoCommit,
        eachMessage: async () => (autoCommit ? undefined : consumer.commitOffsets([])),
      })
    }
    const scenario = { ...base, app, effects: 'handlers' } as const
    return (await prepareScenario(scenario, { file: import.meta.filename })).remarks
  }

  it('is named, since a commit of nothing looks like one', async () => {
    expect(await remarksOf(false)).toEqual([
      expect.stringContaining('the group work-group commits no offset'),
    ])
    expect(await remarksOf(true)).toEqual([])
  })

  it('is told once where each process has its own, and not of a consumer that has none', () => {
    const work = (groups: readonly string[]): History =>
      historyOf(
        [
          'topic work\nappend work/0@0',
          ...groups.map(
            (group, at) =>
              `consumer-${at} start\nconsumer-${at} owns work/0 group=${group}\nconsumer-${at} processes work/0@0 group=${group}`,
          ),
        ].join('\n'),
      )
    expect(silentGroups(work(['cache-0', 'cache-1']))).toEqual([
      expect.stringContaining('the groups cache-0 and cache-1 commit no offset'),
    ])
    const { events } = work(['none'])
    const without = events.map((event) => ('group' in event ? { ...event, group: '' } : event))
    expect(silentGroups({ events: without as History['events'] })).toEqual([])
  })
})

describe('a topic that the guarantee names', () => {
  const topics = { work: { partitions: 1 }, bills: { partitions: 1 } }
  const prepared = (guarantee: Scenario['guarantee']): Promise<unknown> =>
    prepareScenario({ ...base, topics, guarantee }, { file: import.meta.filename })

  it.each([
    ['misspelt', exactlyOnce({ outputs: ['bils'] }), "the topic 'bils', which", "did you mean 'bills'?"],
    ['of nothing', exactlyOnce({ outputs: ['mails'] }), "the topic 'mails', which", 'there are work, bills'],
    [
      'for dead letters',
      atLeastOnce({ deadLetter: 'wrok' }),
      "the topic 'wrok', which",
      "did you mean 'work'?",
    ],
  ])('is one that there is: %s', async (_name, guarantee, what, instead) => {
    await expect(prepared(guarantee)).rejects.toThrow(what)
    await expect(prepared(guarantee)).rejects.toThrow(instead)
  })

  it('may be made by the app itself', async () => {
    const app = async (context: AppContext): Promise<void> => {
      const producer = new Kafka({ brokers: context.brokers, logLevel: logLevel.NOTHING }).producer()
      await producer.connect()
      await producer.send({ topic: 'mails', messages: [{ value: 'a' }] })
      await reportingConsumer(context)
    }
    const guarantee = atLeastOnce({ outputs: ['mails'] })
    const preparing = prepareScenario({ ...base, topics, app, guarantee }, { file: import.meta.filename })
    await expect(preparing).resolves.toBeDefined()
  })

  it.each(['given-up', 'orders-dlq'])('may be made by the first dead letter: %s', async (deadLetter) => {
    const others = { ...topics, 'orders-out': { partitions: 1 } }
    const preparing = prepareScenario(
      { ...base, topics: others, guarantee: atLeastOnce({ deadLetter }) },
      { file: import.meta.filename },
    )
    await expect(preparing).resolves.toBeDefined()
  })

  it('is another one but for a word that is misspelt', async () => {
    const guarantee = atLeastOnce({ deadLetter: 'work-ded' })
    const others = { ...topics, 'work-dead': { partitions: 1 } }
    await expect(
      prepareScenario({ ...base, topics: others, guarantee }, { file: import.meta.filename }),
    ).rejects.toThrow("did you mean 'work-dead'?")
  })
})
