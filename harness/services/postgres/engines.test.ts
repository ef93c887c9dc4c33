import pg from 'pg'
import { describe, expect, it } from 'vitest'
import { exactlyOnce } from '../../../properties/index.ts'
import type { Fault } from '../../core/fault.ts'
import type { Scenario } from '../../core/scenario.ts'
import { prepareScenario } from '../../scenario/prepare.ts'
import { handling } from '../../scenario/testing/consumers.ts'
import { type PostgresOptions, postgres } from './index.ts'
import { SERVER_MISSING } from './testing/engines.ts'

const MISSING = SERVER_MISSING === null ? '' : ` (${SERVER_MISSING})`
type EngineName = 'pglite' | 'server'

const base = (engine: EngineName, name: string): Omit<Scenario, 'app'> => ({
  name,
  topics: { work: { partitions: 2 } },
  records: { work: 6 },
  // One at a time: nobody waits.
  consumers: 1,
  services: { db: postgres({ schema: './testing/rows.sql', engine }) },
  effects: { from: 'db', query: 'select topic, part as partition, off as "offset" from rows' },
  guarantee: exactlyOnce(),
})

/** A connection for each record, and what the database says goes into the row. */
const plain = (engine: EngineName): Scenario => ({
  ...base(engine, 'rows'),
  app: handling(async ({ topic, partition, offset }, { services }) => {
    const { host, port } = services['db'] ?? {}
    const client = new pg.Client({ host, port } as pg.ClientConfig)
    client.on('error', () => {})
    await client.connect()
    try {
      await client.query('begin')
      const { rows } = await client.query('select now() as at, gen_random_uuid() as id')
      if (!(rows[0].at instanceof Date)) throw new Error('no time')
      await client.query('insert into rows (topic, part, off) values ($1, $2, $3) on conflict do nothing', [
        topic,
        partition,
        String(offset),
      ])
      await client.query('commit')
    } finally {
      client.end().catch(() => {})
    }
  }),
})

const driver =
  (name: string) =>
  (engine: EngineName): Scenario => ({
    ...base(engine, name),
    app: { module: `./testing/drivers/${name}.ts` },
  })

/** No fault, and each of these at a few places. */
const FAULTS: readonly (readonly Fault[])[] = [
  [],
  ...[1, 2, 3].flatMap((ordinal): Fault[][] => {
    const target = `consumer-0 db COMMIT#${ordinal}`
    return [
      [{ kind: 'crash', target: 'consumer-0', at: { event: `${target} applied` }, restartMs: 1_000 }],
      [{ kind: 'service-answer-lost', target, at: { event: `${target} sent` } }],
      [{ kind: 'service-error', target, at: { event: `${target} sent` }, error: '40001' }],
      [{ kind: 'service-disconnect', target, at: { event: `${target} sent` } }],
    ]
  }),
]

describe.skipIf(SERVER_MISSING !== null)(`both engines${MISSING}`, () => {
  it.each([
    ['pg', plain],
    ['postgres-js', driver('postgres-js')],
    ['drizzle', driver('drizzle')],
    ['typeorm', driver('typeorm')],
  ] as const)('%s: the same history, where nothing waits for a lock', async (_name, scenarioOf) => {
    const file = import.meta.filename
    const hashes: string[][] = []
    for (const engine of ['pglite', 'server'] as const) {
      const prepared = await prepareScenario(scenarioOf(engine), { file })
      const own: string[] = []
      for (const faults of FAULTS) {
        const schedule = { seed: 's', workload: prepared.workload('s'), faults, holds: [] }
        own.push((await prepared.run(schedule, { stopAt: 'end' })).historyHash())
      }
      hashes.push(own)
    }
    expect(hashes[1]).toEqual(hashes[0])
    expect(new Set(hashes[0]).size).toBeGreaterThan(FAULTS.length / 2)
  })
})

describe('a process stands still within its transaction for a minute, and the other one works', () => {
  const paused: Fault = {
    kind: 'pause',
    target: 'consumer-0',
    at: { event: 'consumer-0 db INSERT#1 acknowledged' },
    durationMs: 60_000,
  }
  const verdictOn = async (engine: EngineName): Promise<readonly [string, string | undefined, number]> => {
    const scenario = { ...driver('kysely')(engine), consumers: 2 }
    const prepared = await prepareScenario(scenario, { file: import.meta.filename })
    const schedule = { seed: '1', workload: prepared.workload('1'), faults: [paused], holds: [] }
    const { verdict } = await prepared.run(schedule, { stopAt: 'end' })
    return [verdict.verdict, verdict.beyond, verdict.violations.length]
  }

  it('PGlite, where the other one waits: the run says nothing', async () => {
    const [, beyond, violations] = await verdictOn('pglite')
    expect(beyond).toBe('db: two transactions at a time, of which one waits for the other')
    expect(violations).toBe(0)
  })

  it.skipIf(SERVER_MISSING !== null)(`a server, where nobody waits: it holds${MISSING}`, async () => {
    expect(await verdictOn('server')).toEqual(['held', undefined, 0])
  })
})

describe('an app with more sessions than a server has places for', () => {
  it.skipIf(SERVER_MISSING !== null)(`is told the limit, and judged in nothing${MISSING}`, async () => {
    const greedy: Scenario = {
      ...base('server', 'greedy'),
      app: async ({ services }) => {
        const { host, port } = services['db'] ?? {}
        for (let count = 0; count <= 100; count += 1) {
          const client = new pg.Client({ host, port } as pg.ClientConfig)
          client.on('error', () => {})
          await client.connect()
        }
      },
    }
    await expect(prepareScenario(greedy, { file: import.meta.filename })).rejects.toThrow(
      'more than 100 sessions at a time; give the pools of the app a smaller max',
    )
  })
})

describe('which engine it is', () => {
  const remarksOf = async (options: PostgresOptions): Promise<string> => {
    const about = await postgres({ schema: './testing/rows.sql', ...options }).prepare?.({
      name: 'db',
      folder: import.meta.dirname,
    })
    return about?.remarks.join('\n') ?? ''
  }

  it('auto, without a server: PGlite, and why', async () => {
    expect(await remarksOf({ engine: 'auto', binaries: '/nowhere' })).toMatch(
      /^db is PGlite 0\.5\.17 \(PostgreSQL 18\) \(engine 'auto': no PostgreSQL \(postgres and initdb\) is in \/nowhere\)/,
    )
  })

  it('server, without one: wrong use, and what to type', async () => {
    await expect(remarksOf({ engine: 'server', binaries: '/nowhere' })).rejects.toThrow(
      'no PostgreSQL (postgres and initdb) is in /nowhere; type: apt-get install postgresql',
    )
  })

  it.skipIf(SERVER_MISSING !== null)(`auto, with a server${MISSING}`, async () => {
    expect(await remarksOf({ engine: 'auto' })).toMatch(
      /^db is PostgreSQL \d+\.\d+, a server of this check's own \(engine 'auto': a server is installed\)$/,
    )
  })
})
