import pg from 'pg'
import { beforeAll, describe, expect, it } from 'vitest'
import { exactlyOnce } from '../../../properties/index.ts'
import type { Fault } from '../../core/fault.ts'
import type { EventOf, ObservationKind } from '../../core/history.ts'
import type { AppContext, EffectTarget, Scenario } from '../../core/scenario.ts'
import type { PreparedScenario, RunResult } from '../../run/run.interface.ts'
import { prepareScenario } from '../../scenario/prepare.ts'
import { handling } from '../../scenario/testing/consumers.ts'
import { postgres } from './index.ts'

type ClientHandler = (record: EffectTarget, client: pg.Client, context: AppContext) => Promise<unknown>

/** A consumer with a connection of its own for each record. */
function scenarioOf(handler: ClientHandler): Scenario {
  return {
    name: 'rows',
    topics: { work: { partitions: 1 } },
    records: { work: 3 },
    consumers: 1,
    app: handling(async (record, context) => {
      const { host, port } = context.services['db'] ?? {}
      const client = new pg.Client({
        host,
        port,
        user: 'app',
        database: 'shop',
        password: 'any',
      } as pg.ClientConfig)
      client.on('error', () => {})
      await client.connect()
      try {
        await handler(record, client, context)
      } finally {
        client.end().catch(() => {})
      }
    }),
    services: { db: postgres({ schema: './testing/rows.sql' }) },
    effects: { from: 'db', query: 'select topic, part as partition, off as "offset" from rows' },
    guarantee: exactlyOnce(),
  }
}

const insert: ClientHandler = async ({ topic, partition, offset }, client) => {
  await client.query('begin')
  await client.query('insert into rows (topic, part, off) values ($1, $2, $3) on conflict do nothing', [
    topic,
    partition,
    String(offset),
  ])
  await client.query('commit')
}

let prepared: PreparedScenario

beforeAll(async () => {
  prepared = await prepareScenario(scenarioOf(insert), { file: import.meta.filename })
})

async function run(...faults: readonly Fault[]): Promise<RunResult> {
  const workload = prepared.workload('seed')
  return prepared.run({ seed: 'seed', workload, faults, holds: [] }, { stopAt: 'end' })
}

function all<Kind extends ObservationKind>({ history }: RunResult, kind: Kind): EventOf<Kind>[] {
  return history.events.filter((event): event is EventOf<Kind> => event.kind === kind)
}

const calls = (result: RunResult, phase: string): string[] =>
  all(result, 'call')
    .filter((event) => event.phase === phase)
    .map(({ operation, ordinal, error }) => `${operation}#${ordinal}${error === null ? '' : ` ${error}`}`)

describe('a consumer with pg', () => {
  it('is seen by its statements, and by the rows that stand there when it commits', async () => {
    const result = await run()
    expect(calls(result, 'acknowledged').slice(0, 4)).toEqual(['BEGIN#1', 'INSERT#1', 'COMMIT#1', 'BEGIN#2'])
    expect(all(result, 'effect').map(({ call, offset }) => [call, offset])).toEqual([
      ['consumer-0 db COMMIT#1', 0n],
      ['consumer-0 db COMMIT#2', 1n],
      ['consumer-0 db COMMIT#3', 2n],
    ])
    expect(result.verdict.verdict).toBe('held')
  })

  it('has the same history each time, with a crash in it as well', async () => {
    const crash: Fault = {
      kind: 'crash',
      target: 'consumer-0',
      at: { event: 'consumer-0 db COMMIT#2 applied' },
      restartMs: 1_000,
    }
    const [first, second] = [await run(crash), await run(crash)]
    expect(second.historyHash()).toBe(first.historyHash())
    expect(first.historyHash()).not.toBe((await run()).historyHash())
    expect(all(first, 'process-crashed')).toHaveLength(1)
    expect(all(first, 'effect')).toHaveLength(3)
  })

  it('is told which engine it is', () => {
    expect(prepared.remarks.join()).toContain('PGlite 0.5.17')
    expect(prepared.faultKinds).toContain('service-answer-lost')
  })
})

describe('faults at statements', () => {
  const at = (target: string): { target: string; at: { event: string } } => ({
    target,
    at: { event: `${target} sent` },
  })

  it('an error of the database aborts the transaction, and the next attempt is another one', async () => {
    const result = await run({ kind: 'service-error', ...at('consumer-0 db INSERT#2'), error: '40001' })
    expect(calls(result, 'applied')).toContain('INSERT#2 40001')
    expect(all(result, 'handler-failure').map(({ error }) => error)).toEqual([
      'error: could not serialize access due to concurrent update',
    ])
    expect(all(result, 'effect')).toHaveLength(3)
    expect(result.verdict.verdict).toBe('held')
  })

  it('a commit whose answer is lost is done', async () => {
    const result = await run({ kind: 'service-answer-lost', ...at('consumer-0 db COMMIT#2') })
    expect(calls(result, 'lost')).toEqual(['COMMIT#2'])
    expect(all(result, 'effect').map(({ call }) => call)).toContain('consumer-0 db COMMIT#2')
    expect(all(result, 'handler-failure')).toHaveLength(1)
    expect(result.verdict.verdict).toBe('held')
  })

  it('a connection that breaks within a transaction takes it along', async () => {
    const result = await run({ kind: 'service-disconnect', ...at('consumer-0 db COMMIT#2') })
    expect(calls(result, 'applied')).not.toContain('COMMIT#2')
    expect(all(result, 'effect').map(({ call }) => call)).toEqual(
      [1, 3, 4].map((ordinal) => `consumer-0 db COMMIT#${ordinal}`),
    )
  })

  it('an administrator ends the session', async () => {
    const result = await run({ kind: 'service-error', ...at('consumer-0 db INSERT#1'), error: '57P01' })
    expect(all(result, 'handler-failure').map(({ error }) => error)).toEqual([
      'error: terminating connection due to administrator command',
    ])
    expect(result.verdict.verdict).toBe('held')
  })
})

describe('what one session cannot show', () => {
  it('a transaction that waits for another one of the same process: the run says nothing', async () => {
    const nested = scenarioOf(async (record, client, { services }) => {
      await client.query('begin')
      const { host, port } = services['db'] ?? {}
      const other = new pg.Client({ host, port } as pg.ClientConfig)
      await other.connect()
      await insert(record, other, {} as AppContext)
      await client.query('commit')
      await other.end()
    })
    await expect(prepareScenario(nested, { file: import.meta.filename })).rejects.toThrow(
      "the app of 'rows' needs, without any fault, what its service can't show: db: two transactions at a time",
    )
  })

  it('a statement that needs a session of its own: the scenario cannot be checked', async () => {
    const locking = scenarioOf(async (record, client, context) => {
      await client.query('select pg_advisory_lock(1)').catch(() => {})
      await insert(record, client, context)
    })
    await expect(prepareScenario(locking, { file: import.meta.filename })).rejects.toThrow(
      'consumer-0 takes an advisory lock for its session at db: PGlite 0.5.17 has one session',
    )
  })
})

describe('wrong use', () => {
  it('of options, and of schemas', async () => {
    expect(() => postgres({ scheme: 'a.sql' } as never)).toThrow("postgres() has no option 'scheme'")
    expect(() => postgres({ engine: 'mysql' } as never)).toThrow("write 'pglite', 'server' or 'auto'")
    expect(() => postgres({ binaries: '/opt/pg' })).toThrow("add engine: 'server'")
    const scenario = { ...scenarioOf(insert), services: { db: postgres({ schema: './none.sql' }) } }
    await expect(prepareScenario(scenario, { file: import.meta.filename })).rejects.toThrow(
      "the schema ./none.sql of 'db' can't be read",
    )
  })
})
