import { createServer, get } from 'node:http'
import { Kafka, logLevel } from 'kafkajs'
import { beforeAll, describe, expect, it } from 'vitest'
import { atLeastOnce } from '../../properties/index.ts'
import type { Fault } from '../core/fault.ts'
import { faultsOf } from '../core/fault.ts'
import { processNames, withProcesses } from '../core/processes.ts'
import type { AppContext, Scenario } from '../core/scenario.ts'
import type { Schedule } from '../core/schedule.ts'
import { createChance } from '../core/seed.ts'
import type { PreparedScenario } from '../run/run.interface.ts'
import { knowledgeOf } from '../search/arbitrary.ts'
import { withoutProcess } from '../search/shrink-moves.ts'
import { extended } from '../search/strategies/draw.ts'
import { freshBase } from '../search/strategies/workload.ts'
import { scenarioApps } from './apps.ts'
import { defineScenario } from './define.ts'
import { prepareScenario } from './prepare.ts'
import { handling } from './testing/consumers.ts'

const said: string[] = []

/** Answers `GET /` with the setting of its environment, as long as the process lives. */
function answering(): void {
  createServer((_, response) => response.end(process.env['COLOUR'])).listen(8080)
}

/** Writes one record. */
async function writing({ instance, brokers }: AppContext): Promise<void> {
  const producer = new Kafka({ clientId: instance, brokers, logLevel: logLevel.NOTHING }).producer()
  await producer.connect()
  await producer.send({ topic: 'work', messages: [{ value: 'a' }] })
}

/** Writes one record, however often that is refused. */
async function insisting(context: AppContext): Promise<void> {
  for (;;) {
    try {
      return await writing(context)
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 1_000))
    }
  }
}

/** Asks the other app. */
function asking(context: AppContext): void {
  setTimeout(() => {
    get('http://painter-0:8080/', (response) => {
      response.on('data', (bytes) => said.push(`${context.instance} hears ${String(bytes)}`))
    })
  }, 100)
}

const scenario: Scenario = {
  name: 'several apps',
  topics: { work: { partitions: 2 } },
  records: { work: 4 },
  apps: {
    orders: { main: handling(async () => {}), processes: { atLeast: 1, atMost: 3 } },
    painter: { main: answering, env: { COLOUR: 'red' } },
    clerk: { main: asking },
  },
  guarantee: atLeastOnce(),
  effects: 'handlers',
}

let prepared: PreparedScenario
beforeAll(async () => {
  prepared = await prepareScenario(scenario, { file: import.meta.filename })
})

const plain = (): Schedule => ({
  seed: 'apps',
  workload: prepared.workload('apps'),
  faults: [],
  holds: [],
})

describe('several apps', () => {
  it('each have their own processes, code and environment', async () => {
    const { workload } = plain()
    expect(processNames(workload)).toEqual(['orders-0', 'orders-1', 'painter-0', 'clerk-0'])
    said.length = 0
    const { verdict, history } = await prepared.run(plain(), { stopAt: 'end' })
    expect(verdict.verdict).toBe('held')
    const started = history.events.flatMap((event) =>
      event.kind === 'process-started' ? [event.process] : [],
    )
    expect(started).toEqual(['orders-0', 'orders-1', 'painter-0', 'clerk-0'])
    const handled = history.events.flatMap((event) => (event.kind === 'handler-end' ? [event.process] : []))
    expect(new Set(handled)).toEqual(new Set(['orders-0', 'orders-1']))
    expect(said).toEqual(['clerk-0 hears red'])
  })

  it('may write all the records that are there', async () => {
    const written = defineScenario({
      ...scenario,
      records: {},
      apps: { shop: { main: writing }, painter: { main: handling(() => {}) } },
    })
    const { consumed, workload } = await prepareScenario(written, { file: null })
    expect([consumed, workload('0').records]).toEqual([['work'], []])
    const silent = defineScenario({ ...written, apps: { ...written.apps, shop: { main: answering } } })
    await expect(prepareScenario(silent, { file: null })).rejects.toThrow(
      "the app of 'several apps' subscribes to work, where the scenario has no records, so that nothing can go wrong; none of its apps writes there; write records: { work: 30 }",
    )
  })

  it('come to rest before a run is at its end, as long as the scenario says', async () => {
    const rested = await prepareScenario({ ...scenario, restMs: 5_000 }, { file: import.meta.filename })
    const endMs = async (of: PreparedScenario): Promise<number> => {
      const { events } = (await of.run(plain(), { stopAt: 'end' })).history
      const drain = events.find((event) => event.kind === 'phase' && event.phase === 'drain')
      return (drain?.timeUs ?? 0) / 1000
    }
    expect((await endMs(rested)) - (await endMs(prepared))).toBeGreaterThan(4_900)
  })

  it('may rest for longer than the drain may take', async () => {
    const guarantee = atLeastOnce({ drainMs: 60_000 })
    const rested = await prepareScenario(
      { ...scenario, guarantee, restMs: 90_000 },
      { file: import.meta.filename },
    )
    // Only the drain ends the second one, and so the rest begins there: a run waits for the end of
    // any one fault, and not of two in a row.
    const cut = (event: string): Fault => ({
      kind: 'link-cut',
      target: 'orders-1~broker-0',
      at: { event },
      durationMs: 100_000,
    })
    const faults = [cut('orders-1 start'), cut('orders-1 ApiVersions#1 sent')]
    const { history, verdict } = await rested.run({ ...plain(), faults }, { stopAt: 'end' })
    const drain = history.events.findIndex((event) => event.kind === 'phase' && event.phase === 'drain')
    const [began, ended] = [history.events[drain], history.events.at(-1)]
    expect((ended?.timeUs ?? 0) - (began?.timeUs ?? 0)).toBeGreaterThan(90_000_000)
    expect(history.events.map(({ kind }) => kind)).not.toContain('drain-deadline')
    expect(verdict.verdict).toBe('held')
  })

  it('rest again where one of them hears only in the drain that its request was lost', async () => {
    const apps = { orders: scenario.apps?.['orders'] ?? { main: () => {} }, writer: { main: writing } }
    const rested = await prepareScenario({ ...scenario, apps, restMs: 5_000 }, { file: import.meta.filename })
    const lost: Fault = {
      kind: 'request-lost',
      target: 'writer-0 Produce#1',
      at: { event: 'writer-0 Produce#1 sent' },
    }
    const workload = rested.workload('lost')
    const { events } = (
      await rested.run({ seed: 'lost', workload, faults: [lost], holds: [] }, { stopAt: 'end' })
    ).history
    const drain = events.findIndex((event) => event.kind === 'phase' && event.phase === 'drain')
    const written = events.findIndex((event) => event.kind === 'append' && event.value === 'a')
    expect([events.some(({ kind }) => kind === 'fault'), drain > 0, written > drain]).toEqual([
      true,
      true,
      true,
    ])
  })

  it.each(['until-given-up', 100] as const)(
    'rest again where one of them was refused until the drain: %s',
    async (times) => {
      const apps = { orders: scenario.apps?.['orders'] ?? { main: () => {} }, writer: { main: insisting } }
      const rested = await prepareScenario(
        { ...scenario, apps, restMs: 5_000 },
        { file: import.meta.filename },
      )
      const refused: Fault = {
        kind: 'request-error',
        target: 'writer-0 Produce#1',
        at: { event: 'writer-0 Produce#1 sent' },
        error: 'UNKNOWN_SERVER_ERROR',
        times,
      }
      const workload = rested.workload('refused')
      const { events } = (
        await rested.run({ seed: 'refused', workload, faults: [refused], holds: [] }, { stopAt: 'end' })
      ).history
      const drain = events.findIndex((event) => event.kind === 'phase' && event.phase === 'drain')
      const written = events.findIndex((event) => event.kind === 'append' && event.value === 'a')
      expect([drain > 0, written > drain]).toEqual([true, true])
    },
  )

  it('keep a fixed number of processes, and vary one that is not', async () => {
    const calm = await prepared.run(plain(), { stopAt: 'end' })
    const knowledge = knowledgeOf(prepared, { schedule: plain(), history: calm.history })
    const random = createChance('apps').stream('test')
    const seen = Array.from({ length: 200 }, () => freshBase(random, knowledge).workload)
    const counts = (app: string): number[] =>
      [...new Set(seen.map(({ apps = {} }) => apps[app]?.processes ?? -1))].sort()
    expect([counts('orders'), counts('painter'), counts('clerk')]).toEqual([[1, 2, 3], [1], [1]])
    expect(seen.every(({ consumers, apps = {} }) => consumers === (apps['orders']?.processes ?? 0) + 2)).toBe(
      true,
    )
  })

  it('are joined and left only where their number is not fixed', async () => {
    const { workload } = plain()
    const calm = await prepared.run(plain(), { stopAt: 'end' })
    const { menu } = knowledgeOf(prepared, { schedule: plain(), history: calm.history }).calm
    const at = (process: string, around = menu): string[] =>
      (['join', 'leave'] as const).flatMap((kind) =>
        faultsOf(
          kind,
          { name: `${process} start`, event: { kind: 'process-started', process, incarnation: 1 } },
          around,
        ).map(({ target }) => `${kind} ${target}`),
      )
    expect(at('orders-0')).toEqual(['join orders-2', 'leave orders-0'])
    expect(at('painter-0')).toEqual([])
    const three = { ...menu, ...withProcesses(workload, 'orders', 3) }
    expect(at('orders-0', three)).toEqual(['leave orders-0'])
    const one = { ...menu, ...withProcesses(workload, 'orders', 1) }
    expect(at('orders-0', one)).toEqual(['join orders-1'])
  })

  it('get names of their own where several join', () => {
    const join: Fault = { kind: 'join', target: 'orders-2', at: { event: 'orders-0 start' } }
    const later: Fault = { ...join, at: { event: 'orders-1 start' } }
    expect(extended(plain(), { faults: [join, later] }).faults.map(({ target }) => target)).toEqual([
      'orders-2',
      'orders-3',
    ])
  })

  it('are shrunk down to the least that each may have', () => {
    const crash: Fault = {
      kind: 'crash',
      target: 'orders-1',
      at: { event: 'orders-1 OffsetCommit#1 sent' },
      restartMs: 100,
    }
    const ways = withoutProcess({ ...plain(), faults: [crash] })
    expect(ways.map(({ workload }) => workload.apps?.['orders']?.processes)).toEqual(ways.map(() => 1))
    expect(ways.map(({ workload }) => workload.consumers)).toEqual(ways.map(() => 3))
    expect(ways.map(({ faults }) => faults[0]?.target)).toContain('orders-0')
    expect(ways.flatMap((way) => withoutProcess(way))).toEqual([])
  })

  it('of one module: what it asserts is expected once', async () => {
    const app = { module: './testing/asserting.ts' }
    const twice = { ...scenario, apps: { first: app, second: app }, effects: 'reported' as const }
    const { assertions } = await prepareScenario(twice, { file: import.meta.filename })
    expect(assertions.map(({ message }) => message)).toEqual(['it begins'])
  })

  it('keep their shared packages', () => {
    const app = { module: './orders.ts', sharedPackages: ['pg'] }
    expect(scenarioApps({ apps: { orders: { ...app, processes: 2 } } })).toEqual([
      { name: 'orders', app, env: {} },
    ])
  })

  it.each<readonly [string, Partial<Scenario>, string]>([
    ['app and apps', { app: handling(async () => {}) }, "has 'apps' and 'app'"],
    ['consumers and apps', { consumers: 2 }, "has 'apps' and 'consumers'"],
    ['no apps', { apps: {} }, 'has no app; write apps:'],
    ["a broker's name", { apps: { broker: { main: answering } } }, "has an app 'broker'"],
    [
      'limits the wrong way round',
      { apps: { orders: { main: answering, processes: { atLeast: 3, atMost: 1 } } } },
      "wants at least more processes of 'orders' than at most",
    ],
    [
      'a time zone of one app',
      { apps: { orders: { main: answering, env: { TZ: 'Asia/Tokyo' } } } },
      "has a time zone of 'orders' alone",
    ],
    [
      'a service that is called as a process',
      { services: { 'painter-0': { port: 80, reset() {}, accept() {} } } },
      "has a service 'painter-0', which is the name of a process",
    ],
    ['no processes', { apps: { orders: { main: answering, processes: 0 } } }, 'apps.orders.processes'],
  ])('refuses %s', (_, wrong, sentence) => {
    expect(() => defineScenario({ ...scenario, ...wrong })).toThrow(sentence)
  })
})
