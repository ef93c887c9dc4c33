import { beforeAll, describe, expect, it } from 'vitest'
import type { PostgresEngine } from './engine.interface.ts'
import { message } from './messages.ts'
import { ALIKE, DIFFERENCES, SCHEMA } from './testing/cases.ts'
import { ENGINES, SERVER_MAJOR, titleOf } from './testing/engines.ts'
import { Play } from './testing/play.ts'

const SYNC = message('S', Buffer.alloc(0))
const FLUSH = message('H', Buffer.alloc(0))
const EXECUTE = message('E', Buffer.from('\0\0\0\0\0'))
const parse = (name: string, sql: string): Buffer => message('P', Buffer.from(`${name}\0${sql}\0\0\0`))
const bind = (name: string): Buffer => message('B', Buffer.from(`\0${name}\0\0\0\0\0\0\0`))

describe.each(ENGINES.map((each) => ({ ...each, title: titleOf(each) })))(
  '$title',
  ({ engine: kind, missing, open }) => {
    let engine: PostgresEngine
    beforeAll(async () => {
      if (missing === null) engine = await open(SCHEMA)
    })
    const play = (options: { sessions: number; seed?: number }): Play => new Play(engine, options)
    const saidTo = (script: readonly string[]): readonly string[] => {
      const played = play({ sessions: 3 })
      for (const line of script) played.step(line)
      return played.said
    }

    it.skipIf(missing !== null).each(ALIKE)('$title', ({ script, says }) => {
      expect(saidTo(script)).toEqual(says)
      // Everything has been put back: tables, rows, numbers, settings, notifications.
      expect(saidTo(script)).toEqual(says)
    })

    describe.each(DIFFERENCES)('differs', ({ title, script, says, onPglite, major = SERVER_MAJOR }) => {
      const other = missing === null && kind === 'server' && major !== SERVER_MAJOR
      const why = other ? ` (skipped: of PostgreSQL ${major}, and this is ${SERVER_MAJOR})` : ''
      it.skipIf(missing !== null || other)(`${title}${why}`, () => {
        const expected = kind === 'server' ? says : onPglite
        expect(saidTo(script)).toEqual(expected)
        expect(saidTo(script)).toEqual(expected)
      })
    })

    it.skipIf(missing !== null)(
      'chance comes from the seed, for each session, and from nothing before',
      () => {
        const drawn = (seed: number): readonly string[] => {
          const { engine: same, said } = play({ sessions: 2, seed })
          const played = { same, said }
          for (const session of [1, 2])
            played.same.exec(
              session,
              message('Q', Buffer.from('select gen_random_uuid(), random(), random()\0')),
            )
          return played.said
        }
        const first = drawn(1)
        expect(drawn(1)).toEqual(first)
        expect(drawn(2)[0]).not.toBe(first[0])
        expect(first[0]?.slice(2)).not.toBe(first[1]?.slice(2))
      },
    )

    it.skipIf(missing !== null)('tables that were made or dropped are undone', () => {
      const round = (): readonly string[] =>
        saidTo([
          '1: select name from items',
          '1: create table notes (a int); insert into notes select generate_series(1, 100)',
          '1: drop table items',
          "1: select 'notes'::regclass",
        ])
      expect([round(), round()]).toEqual([round(), round()])
      expect(round()[0]).toBe('1: seed, SELECT 1')
    })

    it.skipIf(missing !== null)('names of prepared statements are each one’s own', () => {
      const { engine: same, said } = play({ sessions: 2 })
      same.exec(1, Buffer.concat([parse('find', "select 'one'"), SYNC]))
      same.exec(2, Buffer.concat([parse('find', "select 'two'"), SYNC]))
      same.exec(1, Buffer.concat([bind('find'), EXECUTE, SYNC]))
      expect(said.at(-1)).toBe('1: one, SELECT 1')
    })

    it.skipIf(missing !== null)('a statement without a name outlives another session’s turn', () => {
      const { engine: same, said } = play({ sessions: 2 })
      same.exec(1, Buffer.concat([parse('', "select 'one'"), SYNC]))
      same.exec(2, Buffer.concat([parse('', "select 'two'"), SYNC]))
      same.exec(1, Buffer.concat([bind(''), EXECUTE, SYNC]))
      expect(said.at(-1)).toBe('1: one, SELECT 1')
    })

    it.skipIf(missing !== null)('a Flush gets what there is, and an error skips all up to Sync', () => {
      const { engine: same, said, answers } = play({ sessions: 1 })
      same.exec(1, Buffer.concat([parse('', 'select 1'), bind(''), FLUSH]))
      same.exec(1, Buffer.concat([EXECUTE, FLUSH]))
      same.exec(1, SYNC)
      same.exec(1, Buffer.concat([parse('', 'select nothing'), FLUSH]))
      same.exec(1, SYNC)
      expect(said).toEqual(['1: ', '1: 1, SELECT 1', '1: ', '1: ERROR 42703', '1: '])
      expect(answers.map(({ bytes }) => Buffer.from(bytes).includes('Z\0\0\0\u0005I'))).toEqual([
        false,
        false,
        true,
        false,
        true,
      ])
    })

    it.skipIf(missing !== null)('settings of the startup message are in force', () => {
      const played = play({ sessions: 0 })
      played.engine.open(
        1,
        new Map(Object.entries({ user: 'app', application_name: "it's", statement_timeout: '7s' })),
      )
      played.query(1, 'show application_name')
      played.query(1, 'show statement_timeout')
      expect(played.said).toEqual(["1: it's, SHOW", '1: 7s, SHOW'])
    })

    it.skipIf(missing !== null)('committed rows can be asked for', () => {
      const { engine: same, query } = bound(play({ sessions: 1 }))
      query(1, "insert into orders values ('o')")
      expect(same.ask('select order_id from orders')).toEqual([{ order_id: 'o' }])
      expect(() => same.ask('select nothing')).toThrow('column "nothing" does not exist')
    })
  },
)

function bound(played: Play): { engine: PostgresEngine; query(session: number, sql: string): void } {
  return { engine: played.engine, query: (session, sql) => played.query(session, sql) }
}
