import { Consumer as PlatformaticConsumer, stringDeserializers } from '@platformatic/kafka'
import { Kafka, logLevel } from 'kafkajs'
import { beforeAll, describe, expect, it } from 'vitest'
import { atLeastOnce } from '../../properties/index.ts'
import { COUNTEREXAMPLE } from '../check/counterexample-schema.ts'
import type { Fault } from '../core/fault.ts'
import { FAULT_KINDS, faultsOf } from '../core/fault.ts'
import type { HistoryEvent } from '../core/history.ts'
import type { AppContext, EffectTarget, Scenario } from '../core/scenario.ts'
import type { Schedule } from '../core/schedule.ts'
import { Consumer } from '../poll-loop/index.ts'
import { defineScenario } from '../scenario/define.ts'
import { prepareScenario } from '../scenario/prepare.ts'
import { complaint } from '../scenario/validate.ts'
import { baseSchedule, knowledgeOf } from '../search/arbitrary.ts'
import { withoutBroker } from '../search/shrink-moves.ts'
import type { PreparedScenario } from './run.interface.ts'

type ClusterName = 'a' | 'b'
type TargetOf = (record: EffectTarget) => EffectTarget | undefined

const clientOf = ({ instance, clusters }: AppContext, cluster: ClusterName): Kafka =>
  new Kafka({
    clientId: instance,
    brokers: clusters[cluster]?.brokers ?? [],
    logLevel: logLevel.NOTHING,
  })

async function consuming(
  context: AppContext,
  cluster: ClusterName,
  handle: (record: EffectTarget, value: string) => Promise<unknown>,
): Promise<void> {
  const consumer = clientOf(context, cluster).consumer({ groupId: 'work' })
  await consumer.connect()
  await consumer.subscribe({ topics: ['orders'], fromBeginning: true })
  await consumer.run({
    eachMessage: async ({ topic, partition, message: { offset, value } }) => {
      await handle({ topic, partition, offset }, String(value))
    },
  })
}

/** Copies what is in `a` to `b`. */
async function mirror(context: AppContext): Promise<void> {
  const producer = clientOf(context, 'b').producer()
  await producer.connect()
  await consuming(context, 'a', (_record, value) =>
    producer.send({ topic: 'orders', messages: [{ value: `${value} again` }] }),
  )
}

/** Says what it has done in `b`. */
const billing =
  (target: TargetOf = (record) => record) =>
  (context: AppContext): Promise<void> =>
    consuming(context, 'b', (record) => context.effects.record(target(record)))

const orders = { topics: { orders: { partitions: 1 } } }
function scenarioOf(
  apps: NonNullable<Scenario['apps']>,
  others: Pick<Scenario, 'effects' | 'clusters'> = {},
): Scenario {
  return defineScenario({
    name: 'two clusters',
    clusters: { a: { ...orders, records: { orders: 2 } }, b: { ...orders, brokers: 2 } },
    apps,
    identity: ({ value }) => (value ?? '').replace(' again', ''),
    guarantee: atLeastOnce(),
    ...others,
  })
}

const prepared = (scenario: Scenario): Promise<PreparedScenario> =>
  prepareScenario(scenario, { file: import.meta.filename })

const mirrored = scenarioOf({ mirror: { main: mirror }, billing: { main: billing() } })
let world: PreparedScenario
beforeAll(async () => {
  world = await prepared(mirrored)
})

const schedule = (...faults: Fault[]): Schedule => ({ ...baseSchedule(world, 'two'), faults })

async function eventsOf(given: Schedule = schedule()): Promise<readonly HistoryEvent[]> {
  const { history } = await world.run(given)
  return history.events
}

describe('a mirror, and who reads its copies', () => {
  it('holds, with everything named by its cluster', async () => {
    const { verdict, history } = await world.run(schedule())
    expect(verdict.verdict).toBe('held')
    const told = history.events.flatMap((event) => {
      if (event.kind === 'append' || event.kind === 'handler-start' || event.kind === 'effect')
        return [`${event.kind} ${event.process ?? ''} ${event.topic}@${event.offset}`]
      return event.kind === 'generation' ? [`generation ${event.group}`] : []
    })
    for (const each of [
      'append  a:orders@0',
      'generation a:work',
      'handler-start mirror-0 a:orders@1',
      'append mirror-0 b:orders@1',
      'generation b:work',
      'effect billing-0 b:orders@1',
    ])
      expect(told).toContain(each)
  })

  it('gives each request the broker of its cluster', async () => {
    const events = await eventsOf()
    const brokers = new Set(
      events.flatMap((event) => (event.kind === 'request' ? [`${event.process} ${event.broker}`] : [])),
    )
    expect([...brokers].toSorted()).toEqual([
      'billing-0 broker-0.b',
      'billing-0 broker-1.b',
      'mirror-0 broker-0.a',
      'mirror-0 broker-0.b',
    ])
  })

  it('runs twice in the same way', async () => {
    const [first, second] = [await world.run(schedule()), await world.run(schedule())]
    expect(second.historyHash()).toBe(first.historyHash())
  })

  it('draws different members in each', async () => {
    const ids = (await eventsOf()).flatMap((event) => (event.kind === 'assigned' ? [event.memberId] : []))
    expect(new Set(ids).size).toBe(2)
  })
})

describe('faults', () => {
  it('take down a broker of one of them', async () => {
    const at = { event: 'b:orders/0@0 appended' }
    const events = await eventsOf(
      schedule({ kind: 'broker-down', target: 'broker-0.a', at, durationMs: 5_000 }),
    )
    const lost = events.flatMap((event) =>
      event.kind === 'request' && event.phase === 'lost' ? [event.broker] : [],
    )
    expect(events.some(({ kind }) => kind === 'fault')).toBe(true)
    expect([...new Set(lost)]).toEqual(['broker-0.a'])
  })

  it('move a group, a leader, and offsets of the one that they name', async () => {
    const at = { event: 'billing-0 process end b:orders/0@0' }
    const { skipped, verdict } = await world.run(
      schedule(
        { kind: 'leader-moved', target: 'b:orders/0', at },
        { kind: 'coordinator-moved', target: 'b:work', at },
        { kind: 'offsets-reset', target: 'b:work', at, to: 'earliest', durationMs: 10_000 },
        { kind: 'partitions-added', target: 'b:orders', at, count: 1 },
      ),
    )
    expect(skipped).toEqual([])
    expect(verdict.verdict).toBe('held')
  })

  it('that name no cluster are skipped', async () => {
    const at = { event: 'b:orders/0@0 appended' }
    const { skipped } = await world.run(
      schedule(
        { kind: 'broker-down', target: 'broker-0', at, durationMs: 5_000 },
        { kind: 'leader-moved', target: 'orders/0', at },
      ),
    )
    expect(skipped.map(({ kind }) => kind)).toEqual(['broker-down', 'leader-moved'])
  })

  it('of a search hit both', async () => {
    const calm = await world.run(schedule())
    const { menu, places } = knowledgeOf(world, calm).calm
    const targets = places.flatMap((place) =>
      FAULT_KINDS.filter((kind) => menu.kinds.includes(kind)).flatMap((kind) =>
        faultsOf(kind, place, menu).map((fault) => `${kind} ${fault.target}`),
      ),
    )
    for (const each of [
      'broker-down broker-0.a',
      'broker-down broker-1.b',
      'link-cut mirror-0~broker-0.a',
      'link-cut mirror-0~broker-0.b',
      'partitions-added a:orders',
      'partitions-added b:orders',
      'coordinator-moved a:work',
      'coordinator-moved b:work',
      'slow-handler a:orders/0@0',
    ])
      expect(targets).toContain(each)
    expect(targets).not.toContain('broker-down broker-1.a')
  })
})

it('a schedule is plain data that a replay file holds, and that loses brokers one by one', async () => {
  const [fewer] = withoutBroker(schedule())
  expect(fewer?.workload).toMatchObject({ brokers: 1, clusters: { a: { brokers: 1 }, b: { brokers: 1 } } })
  expect(withoutBroker(fewer ?? schedule())).toEqual([])
  const said = complaint(COUNTEREXAMPLE, { schedule: JSON.parse(JSON.stringify(fewer)) }, 'it') ?? ''
  expect(said).not.toContain('workload')
})

describe('the record of an effect', () => {
  /** With one process that consumes both. */
  const both = (target: TargetOf): Scenario =>
    scenarioOf(
      {
        both: {
          main: async (context) => {
            const handle = (record: EffectTarget) => context.effects.record(target(record))
            await consuming(context, 'a', handle)
            await consuming(context, 'b', handle)
          },
        },
      },
      {
        clusters: {
          a: { ...orders, records: { orders: 1 } },
          b: { ...orders, records: { orders: [{ value: 'x' }] } },
        },
      },
    )

  it.each<[string, TargetOf]>([
    ['is the one in hand', () => undefined],
    ['is the one in hand that it names', (record) => record],
    ['is in the cluster that it says', (record) => ({ ...record, cluster: 'b' })],
  ])('%s', async (name, target) => {
    const its = await prepared(name.includes('says') ? mirroredWith(target) : both(target))
    const { verdict, history } = await its.run(baseSchedule(its, 'effect'))
    expect(verdict.verdict).toBe('held')
    expect(history.events.some((event) => event.kind === 'effect' && event.topic === 'b:orders')).toBe(true)
  })

  const mirroredWith = (target: TargetOf): Scenario =>
    scenarioOf({ mirror: { main: mirror }, billing: { main: billing(target) } })

  it.each<[string, Scenario, string]>([
    [
      'an unknown cluster',
      mirroredWith((record) => ({ ...record, cluster: 'c' })),
      "billing-0: effects.record() was given the cluster 'c', and the clusters are a and b",
    ],
    [
      'a record of either',
      both(({ topic, partition }) => ({ topic, partition, offset: 7 })),
      'both-0: effects.record() was given a record of orders without its cluster, and its process consumes a and b of a and b; write',
    ],
  ])('can be none: %s', async (_name, scenario, sentence) => {
    await expect(prepared(scenario)).rejects.toThrow(sentence)
  })
})

describe('an app that names no cluster', () => {
  const asking = (ask: (context: AppContext) => unknown): Scenario =>
    scenarioOf({ work: { main: async (context) => void ask(context) } })

  it('is told to, where it asks for brokers', async () => {
    await expect(prepared(asking(({ brokers }) => brokers))).rejects.toThrow(
      'work-0 asks for context.brokers, and there are the clusters a, b; write context.clusters.a.brokers',
    )
  })

  it('is told which there are, where it asks for another', async () => {
    await expect(prepared(asking(({ clusters }) => clusters['eu']))).rejects.toThrow(
      'work-0 asks for context.clusters.eu, and there is no such cluster; there are a, b',
    )
  })

  it('may copy and compare its context, whatever that looks up', async () => {
    const looked = asking(({ clusters }) =>
      ['length', '$$typeof', 'constructor'].map((name) => clusters[name]),
    )
    await expect(prepared(looked)).rejects.toThrow('never consumed a topic')
  })

  it('is told that there is one, where there is', async () => {
    const { topics, records } = { ...orders, records: { orders: 2 } }
    const main = async ({ clusters }: AppContext): Promise<void> => void clusters['b']?.brokers
    const one = defineScenario({
      name: 'one',
      topics,
      records,
      apps: { work: { main } },
      guarantee: atLeastOnce(),
    })
    await expect(prepared(one)).rejects.toThrow(
      'work-0 asks for context.clusters.b, and the scenario has one cluster; take context.brokers, or write clusters: { b: { topics: … }, … } in it',
    )
  })
})

describe('a group that reads where nothing comes', () => {
  const idle = async (): Promise<void> => {}

  it('is told where the records are, and that nobody copies them', async () => {
    await expect(
      prepared(scenarioOf({ mirror: { main: idle }, billing: { main: billing() } })),
    ).rejects.toThrow(
      'subscribes to b:orders, where the scenario has no records, so that nothing can go wrong; its records are in a:orders, and none of its apps writes there',
    )
  })

  it('is told how records are written, where there are none at all', async () => {
    const scenario = scenarioOf(
      { mirror: { main: idle }, billing: { main: billing() } },
      { clusters: { a: orders, b: orders } },
    )
    await expect(prepared(scenario)).rejects.toThrow(
      'none of its apps writes there; write clusters: { b: { topics: …, records: { orders: 30 } } }',
    )
  })
})

it('a group in both without an identity is two, and a line says so', async () => {
  const main = async (context: AppContext): Promise<void> => {
    await consuming(context, 'a', async () => {})
    await consuming(context, 'b', async () => {})
  }
  const { identity: _, ...plain } = scenarioOf({ work: { main } }, { effects: 'handlers' })
  const { remarks } = await prepared(defineScenario(plain))
  expect(remarks.join()).toContain(
    'the group work reads orders in the clusters a and b, and is judged as two',
  )
  expect((await prepared(scenarioOf({ work: { main } }, { effects: 'handlers' }))).remarks).toEqual([])
})

/** Each client's consumer of `b`, in one handler a record. */
const CLIENTS: readonly [string, (context: AppContext) => Promise<void>][] = [
  [
    '@platformatic/kafka',
    async ({ clusters, instance }) => {
      const consumer = new PlatformaticConsumer({
        clientId: instance,
        groupId: 'work',
        bootstrapBrokers: clusters['b']?.brokers ?? [],
        deserializers: stringDeserializers,
        autocommit: true,
      })
      const stream = await consumer.consume({ topics: ['orders'], mode: 'earliest', autocommit: true })
      for await (const _ of stream);
    },
  ],
  [
    'onceover/poll-loop',
    async ({ clusters }) => {
      const consumer = new Consumer({
        'bootstrap.servers': clusters['b']?.brokers ?? [],
        'group.id': 'work',
        'auto.offset.reset': 'earliest',
      })
      consumer.subscribe(['orders'])
      for (;;) for (const _ of await consumer.poll(500));
    },
  ],
]

it.each(CLIENTS)('%s is known by its bootstrap addresses', async (_name, main) => {
  const scenario = scenarioOf({ mirror: { main: mirror }, billing: { main } }, { effects: 'handlers' })
  const { run } = await prepared(scenario)
  const { verdict, history } = await run(baseSchedule(world, 'client'))
  const handled = history.events.flatMap((event) =>
    event.kind === 'handler-end' && event.process === 'billing-0'
      ? [`${event.group} ${event.topic}@${event.offset}`]
      : [],
  )
  expect(handled).toEqual(['b:work b:orders@0', 'b:work b:orders@1'])
  expect(verdict.verdict).toBe('held')
})
