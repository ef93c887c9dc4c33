import { createHash } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import type { EngineAnswer } from '../engine.interface.ts'
import { fieldOf, messagesIn, queryMessage, terminated } from '../messages.ts'
import { bootDatabase, type PgliteDatabase } from './boot.ts'
import { PgliteEngine } from './engine.ts'

const EPOCH_US = 1_735_689_600_000_000

let database: PgliteDatabase

beforeAll(async () => {
  database = await bootDatabase(
    'create table orders (id serial primary key, item text unique); create table kept as select generate_series(1, 3)',
  )
})

/** An engine with so many sessions, and what it says: `1: INSERT 0 1`. */
function engineWith(sessions: number, seed = 7) {
  const engine = new PgliteEngine(database)
  const said: string[] = []
  const hash = createHash('sha256')
  let nowUs = EPOCH_US
  engine.reset({
    seed,
    nowUs: () => nowUs,
    after: () => ({ cancel() {} }),
    ended() {},
    answered(answer) {
      hash.update(answer.bytes)
      said.push(`${answer.session}: ${wordsOf(answer)}`)
    },
  })
  for (let id = 1; id <= sessions; id += 1) engine.open(id, new Map())
  const query = (session: number, sql: string): void => engine.exec(session, queryMessage(sql))
  return {
    engine,
    said,
    query,
    pass: (us: number) => {
      nowUs += us
    },
    digest: () => hash.digest('hex'),
  }
}

/** Values of rows, tags and codes of errors. */
function wordsOf({ bytes }: EngineAnswer): string {
  return messagesIn(bytes)
    .flatMap(({ type, body }) => {
      if (type === 'C') return [terminated(body).text]
      if (type === 'E') return [fieldOf(body, 'C')]
      return type === 'D' ? [body.toString('utf8', 6)] : []
    })
    .join(' ')
}

describe('a restore', () => {
  it('undoes all: rows, sequences, tables, and what stood in files', () => {
    const round = (): string => {
      const { query, digest } = engineWith(1)
      query(
        1,
        "insert into orders (item) values ('a'), ('b') returning id, now(), gen_random_uuid(), random()",
      )
      query(
        1,
        'create table notes (a int); insert into notes select generate_series(1, 2000); drop table orders',
      )
      query(1, "select txid_current(), pg_current_wal_lsn(), 'notes'::regclass::oid")
      query(1, 'checkpoint; vacuum')
      return digest()
    }
    const first = round()
    expect([round(), round(), round()]).toEqual([first, first, first])
    const { query, said } = engineWith(1)
    query(1, 'select count(*) from orders')
    expect(said).toEqual(['1: 0 SELECT 1'])
  })

  it('undoes the end of a table that the run has only read', () => {
    const counted = (): readonly string[] => {
      const { query, said } = engineWith(1)
      query(1, 'select count(*) from kept')
      query(1, 'drop table kept')
      return said
    }
    expect(counted()).toEqual(['1: 3 SELECT 1', '1: DROP TABLE'])
    expect(counted()).toEqual(['1: 3 SELECT 1', '1: DROP TABLE'])
  })

  it('another seed gives other chance, and the same time', () => {
    const drawn = (seed: number): readonly string[] => {
      const { query, said } = engineWith(1, seed)
      query(1, 'select gen_random_uuid()')
      query(1, 'select now()')
      return said
    }
    expect(drawn(1)).toEqual(drawn(1))
    expect(drawn(1)[0]).not.toBe(drawn(2)[0])
    expect(drawn(1)[1]).toBe('1: 2025-01-01 00:00:00+00 SELECT 1')
  })
})

describe('time', () => {
  it('is the run’s, and pg_sleep takes virtual time', () => {
    const engine = new PgliteEngine(database)
    const waitedUs: number[] = []
    engine.reset({
      seed: 1,
      nowUs: () => EPOCH_US,
      after: () => ({ cancel() {} }),
      answered: (answer) => waitedUs.push(answer.waitedUs),
      ended() {},
    })
    engine.open(1, new Map())
    engine.exec(1, queryMessage('select pg_sleep(3)'))
    engine.exec(1, queryMessage('select 1'))
    expect(waitedUs[0]).toBeGreaterThanOrEqual(3_000_000)
    expect(waitedUs[0]).toBeLessThan(3_100_000)
    expect(waitedUs[1]).toBe(0)
  })
})

describe('several sessions over one', () => {
  it('a transaction keeps others waiting until it ends', () => {
    const { query, said } = engineWith(2)
    query(1, 'begin')
    query(2, "insert into orders (item) values ('b')")
    query(1, "insert into orders (item) values ('a')")
    expect(said).toEqual(['1: BEGIN', '1: INSERT 0 1'])
    query(1, 'commit')
    expect(said.slice(2)).toEqual(['1: COMMIT', '2: INSERT 0 1'])
  })

  it('settings go with their session, and nothing else that stood beside them', () => {
    const { engine, query, said } = engineWith(2)
    query(1, "set application_name to 'one'; insert into orders (item) values ('a')")
    query(2, 'select 1')
    query(1, "select set_config('search_path', 'pg_catalog, public', false)")
    query(2, 'show search_path')
    query(1, "begin; set application_name to 'not kept'")
    query(1, 'rollback')
    query(1, "begin; set local application_name to 'not kept'; commit")
    query(2, 'show application_name')
    query(1, 'show application_name')
    query(1, 'show search_path')
    expect(said.at(-2)).toContain('one')
    expect(said.at(-1)).toContain('pg_catalog, public')
    expect(said.join()).not.toContain('not kept')
    expect(said.filter((words) => words.startsWith('2: ') && /one|pg_catalog/.test(words))).toEqual([])
    expect(engine.ask('select item from orders')).toEqual([{ item: 'a' }])
  })

  it('committed rows can be asked for between transactions, and not within one', () => {
    const { engine, query } = engineWith(1)
    query(1, "insert into orders (item) values ('a')")
    expect(engine.ask('select item, id from orders')).toEqual([{ item: 'a', id: '1' }])
    query(1, 'begin')
    expect(engine.ask('select 1')).toBeNull()
    query(1, 'rollback')
    expect(() => engine.ask('select nothing')).toThrow('column "nothing" does not exist')
  })
})

describe('a question', () => {
  it('is answered by what stands there now, after its columns have changed, too', () => {
    const { engine, query } = engineWith(1)
    const ask = () => engine.ask('select * from kept order by 1 limit 1')
    expect(ask()).toEqual([{ generate_series: '1' }])
    query(1, 'delete from kept where generate_series = 1')
    expect(ask()).toEqual([{ generate_series: '2' }])
    query(1, "alter table kept add column more text not null default 'x'")
    expect([ask(), ask()]).toEqual([
      [{ generate_series: '2', more: 'x' }],
      [{ generate_series: '2', more: 'x' }],
    ])
  })

  it('may be several statements', () => {
    const { engine } = engineWith(1)
    const ask = () => engine.ask('select 1 as a; select 2 as a')
    expect([ask(), ask()]).toEqual([
      [{ a: '1' }, { a: '2' }],
      [{ a: '1' }, { a: '2' }],
    ])
  })
})
