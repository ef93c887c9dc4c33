import { describe, expect, it } from 'vitest'
import { message, queryMessage } from './messages.ts'
import { canChange, copiesIn, notGiven, operationOf, sharedByAll } from './statements.ts'
import { createWireReader } from './wire-reader.ts'

const startup = (code: number): Buffer => {
  const head = Buffer.alloc(8)
  head.writeInt32BE(8, 0)
  head.writeInt32BE(code, 4)
  return head
}
const SSL = startup(80_877_103)
const STARTUP = startup(196_608)
const SYNC = message('S', Buffer.alloc(0))
const READY = message('Z', Buffer.from('I'))
const parse = (name: string, sql: string): Buffer => message('P', Buffer.from(`${name}\0${sql}\0\0\0`))
const bind = (name: string): Buffer => message('B', Buffer.from(`\0${name}\0\0\0\0\0\0\0`))

describe('the calls in what a client sends', () => {
  it('are named by the first word of their first statement', () => {
    const reader = createWireReader()
    expect(reader.wrote(STARTUP)).toEqual([])
    expect(reader.wrote(queryMessage('-- a note\n begin'))).toEqual(['BEGIN'])
    expect(reader.wrote(Buffer.concat([parse('', 'insert into a values ($1)'), bind(''), SYNC]))).toEqual([
      'INSERT',
    ])
  })

  it('by a prepared statement: as it was prepared', () => {
    const reader = createWireReader()
    reader.wrote(Buffer.concat([STARTUP, parse('find', 'select 1'), SYNC]))
    expect(reader.wrote(Buffer.concat([bind('find'), SYNC]))).toEqual(['SELECT'])
  })

  it('are found whatever the pieces are in which bytes come', () => {
    const reader = createWireReader()
    const bytes = Buffer.concat([SSL, STARTUP, queryMessage('commit'), queryMessage('begin')])
    const found = [...bytes].flatMap((byte) => reader.wrote(Buffer.from([byte])))
    expect(found).toEqual(['COMMIT', 'BEGIN'])
  })

  it('are answered by ReadyForQuery, but for the first one and the letter for TLS', () => {
    const reader = createWireReader()
    reader.wrote(SSL)
    expect(reader.got(Buffer.from('S'))).toBe(0)
    reader.wrote(Buffer.concat([STARTUP, queryMessage('begin'), queryMessage('commit')]))
    expect(reader.got(READY)).toBe(0)
    expect(reader.got(Buffer.concat([READY, READY.subarray(0, 3)]))).toBe(1)
    expect(reader.got(READY.subarray(3))).toBe(1)
  })
})

describe('statements', () => {
  it.each([
    ['select 1', 'SELECT'],
    ['/* a */ with x as (select 1) insert into a select * from x', 'WITH'],
    ['(select 1)', 'SELECT'],
    ['', 'EMPTY'],
  ])('%s is %s', (sql, operation) => {
    expect(operationOf(sql)).toBe(operation)
  })

  it.each([
    ['INSERT 0 1', true],
    ['COMMIT', true],
    ['CREATE TABLE', true],
    ['SELECT 3', false],
    ['ROLLBACK', false],
  ])('after %s rows may be others: %s', (tag, changes) => {
    expect(canChange(tag)).toBe(changes)
  })

  it.each([
    'select pg_advisory_lock(1)',
    'select pg_try_advisory_lock(1)',
    'prepare a as select 1',
    'create temp table a (b int)',
    'set role app',
    'select 1; copy orders from stdin',
    'copy orders from stdin; select 1',
  ])('one session does not give: %s', (sql) => {
    expect(notGiven(sql)).not.toBeNull()
  })

  it.each([
    'select pg_advisory_xact_lock(1)',
    'notify orders',
    'listen orders',
    'copy orders from stdin;',
    'create table a (b int)',
    'set search_path to app',
    'copy orders to stdout',
    "insert into notes values ('listen')",
  ])('one session gives: %s', (sql) => {
    expect(notGiven(sql)).toBeNull()
  })

  it.each([
    ['create role app', true],
    ['select 1; alter system set work_mem = 1', true],
    ['drop database shop', true],
    ['create table roles (role text)', false],
    ['select pg_terminate_backend(pid) from pg_stat_activity', true],
    ["insert into notes values ('create role')", false],
  ])('%s outlives its database: %s', (sql, shared) => {
    expect(sharedByAll(sql) !== null).toBe(shared)
  })

  it.each([
    ['copy orders (id, item) from stdin with (format csv)', true],
    ['copy orders to stdout', false],
    ["copy orders from '/tmp/orders.csv'", false],
  ])('%s awaits rows: %s', (sql, awaits) => {
    expect(copiesIn(sql)).toBe(awaits)
  })
})
