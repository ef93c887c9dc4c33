import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import pg from 'pg'
import { from as copyFrom, to as copyTo } from 'pg-copy-streams'
import Cursor from 'pg-cursor'
import QueryStream from 'pg-query-stream'
import { describe, expect, it } from 'vitest'
import { exactlyOnce } from '../../../properties/index.ts'
import type { Scenario } from '../../core/scenario.ts'
import type { RunResult } from '../../run/run.interface.ts'
import { prepareScenario } from '../../scenario/prepare.ts'
import { handling } from '../../scenario/testing/consumers.ts'
import { postgres } from './index.ts'
import { ENGINES, titleOf } from './testing/engines.ts'

type Using = (client: pg.Client, other: pg.Client, offset: number) => Promise<unknown>

/** Three records, one at a time; `using` is given two clients, and must leave a row. */
function scenarioOf(engine: 'pglite' | 'server', using: Using): Scenario {
  const connected = async (): Promise<pg.Client> => {
    const client = new pg.Client('postgres://app@db:5432/shop')
    client.on('error', () => {})
    await client.connect()
    return client
  }
  return {
    name: 'streams',
    topics: { work: { partitions: 1 } },
    records: { work: 3 },
    consumers: 1,
    app: handling(async ({ offset }) => {
      const clients = [await connected(), await connected()] as const
      await using(...clients, Number(offset))
      for (const client of clients) await client.end()
    }),
    services: { db: postgres({ schema: './testing/rows.sql', engine }) },
    effects: { from: 'db', query: 'select topic, part as partition, off as "offset" from rows' },
    guarantee: exactlyOnce(),
  }
}

async function ran(engine: 'pglite' | 'server', using: Using): Promise<readonly RunResult[]> {
  const prepared = await prepareScenario(scenarioOf(engine, using), { file: import.meta.filename })
  const schedule = { seed: '1', workload: prepared.workload('1'), faults: [], holds: [] }
  const first = await prepared.run(schedule, { stopAt: 'end' })
  return [first, await prepared.run(schedule, { stopAt: 'end', watchLeaks: true })]
}

const insert = (client: pg.Client, offset: number): Promise<unknown> =>
  client.query('insert into rows (topic, part, off) values ($1, 0, $2)', ['work', offset])

/** Each throws where it gets something else. */
const USES: readonly { readonly title: string; readonly using: Using }[] = [
  {
    title: 'pg-cursor 2.22 reads in portions',
    async using(client, _, offset) {
      const cursor = client.query(new Cursor('select generate_series(1, 5) as n'))
      const counts = [
        (await cursor.read(2)).length,
        (await cursor.read(2)).length,
        (await cursor.read(2)).length,
      ]
      await cursor.close()
      demand(counts, [2, 2, 1])
      await insert(client, offset)
    },
  },
  {
    title: 'pg-query-stream 4.17 streams rows',
    async using(client, _, offset) {
      const stream = client.query(new QueryStream('select generate_series(1, 5) as n', [], { batchSize: 2 }))
      const rows: unknown[] = []
      for await (const { n } of stream) rows.push(n)
      demand(rows, [1, 2, 3, 4, 5])
      await insert(client, offset)
    },
  },
  {
    title: 'pg-copy-streams 7.0 copies in and out',
    async using(client, _, offset) {
      await client.query('begin')
      const into = client.query(copyFrom('copy rows (topic, part, off) from stdin'))
      await pipeline(Readable.from([`work\t0\t${offset}\n`]), into)
      const out: Buffer[] = []
      for await (const part of client.query(
        copyTo(`copy (select off from rows where off = ${offset}) to stdout`),
      ))
        out.push(Buffer.from(part))
      await client.query('commit')
      demand(String(Buffer.concat(out)), `${offset}\n`)
    },
  },
  {
    title: 'LISTEN is told what another connection notifies',
    async using(client, other, offset) {
      await client.query('listen news')
      const told = new Promise<pg.Notification>((resolve) => client.once('notification', resolve))
      await other.query("select pg_notify('news', $1)", [`order ${offset}`])
      demand((await told).payload, `order ${offset}`)
      await insert(other, offset)
    },
  },
]

function demand(got: unknown, wanted: unknown): void {
  if (JSON.stringify(got) !== JSON.stringify(wanted)) throw new Error(`got ${JSON.stringify(got)}`)
}

const hashes = new Map<string, string>()

describe.each(ENGINES.map((each) => ({ ...each, title: titleOf(each) })))('$title', ({ engine, missing }) => {
  it.skipIf(missing !== null).each(USES)('$title', async ({ title, using }) => {
    const [first, second] = await ran(engine, using)
    expect(first?.verdict.verdict).toBe('held')
    expect(first?.history.events.filter(({ kind }) => kind === 'handler-failure')).toEqual([])
    expect(first?.history.events.filter(({ kind }) => kind === 'effect')).toHaveLength(3)
    const hash = first?.historyHash() ?? ''
    expect(second?.historyHash()).toBe(hash)
    // Nobody waits: both engines give the same.
    expect(hashes.get(title) ?? hash).toBe(hash)
    hashes.set(title, hash)
  })
})
