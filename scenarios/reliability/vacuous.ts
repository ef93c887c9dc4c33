import { setTimeout as later } from 'node:timers/promises'
import { Kafka, logLevel } from 'kafkajs'
import {
  type AppContext,
  atLeastOnce,
  atMostOnce,
  defineScenario,
  exactlyOnce,
  type Scenario,
} from 'onceover'
import { type Handle, handling, target, untyped } from './handling.ts'

type Settings = Partial<Pick<Scenario, 'topics' | 'records' | 'consumers' | 'faults' | 'guarantee' | 'app'>>

const report: Handle = ({ effects }, payload) => effects.record(target(payload))

function scenario(name: string, app: Handle | Settings, settings: Settings = {}): Scenario {
  return defineScenario({
    name,
    topics: { work: { partitions: 2 } },
    records: { work: 6 },
    consumers: 1,
    guarantee: atLeastOnce(),
    app: handling(typeof app === 'function' ? app : report),
    ...(typeof app === 'function' ? {} : app),
    ...settings,
  })
}

/** A consumer that subscribes in its own way. */
const own =
  (use: (context: AppContext, consumer: ReturnType<Kafka['consumer']>) => Promise<void>) =>
  async (context: AppContext): Promise<void> => {
    const kafka = new Kafka({ brokers: [...context.brokers], logLevel: logLevel.NOTHING })
    const consumer = kafka.consumer({ groupId: 'g' })
    await consumer.connect()
    await use(context, consumer)
  }

/** Each is wrong, or checks nothing: what is said of it, and what is not, is its canary. */
const scenarios: readonly Scenario[] = [
  scenario('a handler that does nothing', () => {}),
  scenario('a handler that leaves its work to a timer', () => void setTimeout(() => {}, 500)),
  scenario('a handler that never ends', () => new Promise(() => {})),
  scenario('subscribes and never runs', {
    app: own((_context, consumer) => consumer.subscribe({ topics: ['work'] })),
  }),
  scenario('begins at the end of the log', {
    app: own(async (context, consumer) => {
      await consumer.subscribe({ topics: ['work'], fromBeginning: false })
      await consumer.run({ eachMessage: async (payload) => void (await report(context, payload)) })
    }),
  }),
  scenario('effects of another topic', ({ effects }, payload) =>
    effects.record({ ...target(payload), topic: 'wrok' }),
  ),
  scenario('effects of a partition that is not there', ({ effects }, payload) =>
    effects.record({ ...target(payload), partition: 99 }),
  ),
  scenario('effects of the next offset', ({ effects }, payload) =>
    effects.record({ ...target(payload), offset: Number(payload.message.offset) + 1 }),
  ),
  scenario('effects without an offset', ({ effects }, payload) =>
    effects.record({ ...target(payload), offset: Number.NaN }),
  ),
  scenario(
    'exactly once, by a label that is another each time',
    ({ effects }, payload) => effects.record(target(payload), `mail ${Math.random()}`),
    { guarantee: exactlyOnce() },
  ),
  scenario('effects without any offset', ({ effects }, payload) => {
    const { topic, partition } = payload
    return effects.record(untyped({ topic, partition }))
  }),
  scenario('effects with an offset behind zeros', ({ effects }, payload) =>
    effects.record({ ...target(payload), offset: `00${payload.message.offset}` }),
  ),
  scenario('effects with an offset of a library for long numbers', ({ effects }, payload) => {
    const { offset } = payload.message
    const long = { low: Number(offset), high: 0, toString: () => offset }
    return effects.record({ ...target(payload), offset: untyped(long) })
  }),
  scenario('effects with a partition as text', ({ effects }, payload) =>
    effects.record({ ...target(payload), partition: untyped(String(payload.partition)) }),
  ),
  scenario('drops the second of three equal records', {
    records: { work: ['0', '1', '2'].map(() => ({ key: 'a', value: 'x', partition: 0 })) },
    app: handling((context, payload) => payload.message.offset === '1' || report(context, payload)),
  }),
  scenario('dead letters in a topic that nobody writes', {
    guarantee: atLeastOnce({ deadLetter: 'work.dead' }),
  }),
  scenario('at most once, strictly, by a consumer that is not', {
    guarantee: atMostOnce({ order: 'partition', inFlightMax: 1, strict: true, allow: ['duplicate-effect'] }),
  }),
  scenario('another group at each start', {
    consumers: 2,
    app: (context) => handling(report, `g-${Math.random()}`)(context),
  }),
  scenario('exactly once, by handlers alone', () => later(5), { guarantee: exactlyOnce(), consumers: 2 }),
  scenario('no faults', { faults: [], guarantee: exactlyOnce() }),
  scenario('skips everything', ({ effects }, payload) => effects.skip(target(payload))),
  scenario('effects that nobody waits for', (context, payload) => void report(context, payload)),
  scenario('effects of the first record only', (context, payload) =>
    payload.message.offset === '0' ? report(context, payload) : null,
  ),
  scenario('allows everything', () => new Promise(() => {}), {
    guarantee: atLeastOnce({ allow: ['lost-record', 'commit-ahead', 'stuck-partition', 'shutdown-hang'] }),
  }),
  scenario('exits after its first record', async (context, payload) => {
    await report(context, payload)
    process.exit(0)
  }),
  scenario('outputs in a topic that nobody writes', { guarantee: exactlyOnce({ outputs: ['nowhere'] }) }),
  scenario('effects whose errors are swallowed', async (context, payload) => {
    try {
      await report(context, payload)
    } catch {
      // As a handler does that logs.
    }
  }),
  scenario('a service outside, whose error is swallowed', async (context, payload) => {
    try {
      await fetch('http://audit.example')
    } catch {
      return
    }
    await report(context, payload)
  }),
  scenario('records that nobody reads', {
    topics: { work: { partitions: 1 }, mail: { partitions: 1 } },
    records: { work: 3, mail: 3 },
  }),
  scenario('a topic without records', {
    topics: { work: { partitions: 1 }, extra: { partitions: 1 } },
    records: { work: 3 },
    app: handling(report, 'g', ['work', 'extra']),
  }),
]

export default scenarios
