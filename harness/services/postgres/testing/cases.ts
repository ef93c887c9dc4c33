/** A script, and the answers of its sessions: `1: INSERT 0 1`. */
export interface EngineCase {
  readonly title: string
  readonly script: readonly string[]
  readonly says: readonly string[]
}

/** A script that PGlite, with its one session, answers otherwise than a server. */
export interface EngineDifference extends EngineCase {
  /** Its line in `docs/postgres.md`. */
  readonly onPglite: readonly string[]
  readonly note: string
  /** The version of the server that it is about; undefined: any. */
  readonly major?: string
}

export const SCHEMA = `create table items (id serial primary key, name text unique, amount int not null default 0);
insert into items (name, amount) values ('seed', 1);
create table orders (order_id text);`

/** Scripts that both engines answer alike. */
export const ALIKE: readonly EngineCase[] = [
  {
    title: 'rows of the schema stand there, and numbers go on behind them',
    script: ['1: select id, name from items', "1: insert into items (name) values ('a') returning id"],
    says: ['1: 1 seed, SELECT 1', '1: 2, INSERT 0 1'],
  },
  {
    title: 'errors have their codes, and abort a transaction until its end',
    script: [
      "1: insert into items (name) values ('seed')",
      '1: select nothing',
      '1: begin',
      '1: select * from nowhere',
      '1: select 1',
      '1: commit',
      '1: select 1',
    ],
    says: [
      '1: ERROR 23505',
      '1: ERROR 42703',
      '1: BEGIN',
      '1: ERROR 42P01',
      '1: ERROR 25P02',
      '1: ROLLBACK',
      '1: 1, SELECT 1',
    ],
  },
  {
    title: 'savepoints, and several statements in one text',
    script: [
      "1: begin; insert into items (name) values ('a'); savepoint s",
      "1: insert into items (name) values ('a')",
      '1: rollback to s; commit; select count(*) from items',
    ],
    says: ['1: BEGIN, INSERT 0 1, SAVEPOINT', '1: ERROR 23505', '1: ROLLBACK, COMMIT, 2, SELECT 1'],
  },
  {
    title: 'a session that is gone is rolled back',
    script: ["1: begin; insert into items (name) values ('a')", '1 leaves', '2: select count(*) from items'],
    says: ['1: BEGIN, INSERT 0 1', '2: 1, SELECT 1'],
  },
  {
    title: 'a unique key of an open transaction is waited for',
    script: [
      "1: begin; insert into items (name) values ('a')",
      "2: insert into items (name) values ('a') on conflict do nothing",
      '1: commit',
    ],
    says: ['1: BEGIN, INSERT 0 1', '1: COMMIT', '2: INSERT 0 0'],
  },
  {
    title: 'a row of an open transaction is waited for, and then what it became is updated',
    script: [
      '1: begin; update items set amount = amount + 1',
      '2: update items set amount = amount + 1 returning amount',
      '1: commit',
    ],
    says: ['1: BEGIN, UPDATE 1', '1: COMMIT', '2: 3, UPDATE 1'],
  },
  {
    title: 'one that is gone while it waits has done what it had sent',
    script: [
      '1: begin; update items set amount = 5',
      '2: update items set amount = amount * 2',
      '2 leaves',
      '1: commit',
      '1: select amount from items',
    ],
    says: ['1: BEGIN, UPDATE 1', '1: COMMIT', '2: UPDATE 1', '1: 10, SELECT 1'],
  },
  {
    title: 'pg_sleep takes virtual time',
    script: ['1: select 1 from pg_sleep(3)', '+4000 ms', "1: select now() - '2025-01-01' > '3 s'"],
    says: ['1: 1, SELECT 1 at 3 s', '1: t, SELECT 1 at 4 s'],
  },
  {
    title: 'rows are copied in and out',
    script: [
      '1: copy items (name, amount) from stdin <<< a\t2 / b\t3',
      '1: begin',
      '1: copy items (name) from stdin <<< c',
      '1: rollback',
      '1: copy (select name, amount from items order by 1) to stdout',
      '1: copy nowhere from stdin',
      '1: copy items (name) from stdin <<< seed',
    ],
    says: [
      '1: copies in',
      '1: COPY 2',
      '1: BEGIN',
      '1: copies in',
      '1: COPY 1',
      '1: ROLLBACK',
      '1: a 2, b 3, seed 1, COPY 3',
      '1: ERROR 42P01',
      '1: copies in',
      '1: ERROR 23505',
    ],
  },
  {
    title: 'cursors within a transaction',
    script: [
      '1: begin; declare c cursor for select generate_series(1, 3)',
      '1: fetch 2 from c',
      '1: close c; commit',
    ],
    says: ['1: BEGIN, DECLARE CURSOR', '1: 1, 2, FETCH 2', '1: CLOSE CURSOR, COMMIT'],
  },
  {
    title: 'a notification is told to all that listen, once its transaction is committed',
    script: [
      '1: listen news',
      '2: listen news',
      '3: begin',
      "3: notify news, 'hello'",
      '3: commit',
      "2: select pg_notify('news', 'mine')",
      '2: unlisten news',
      "3: notify news, 'again'",
      '1: begin; listen other; rollback',
      '3: notify other',
      '1 leaves',
      "3: notify news, 'nobody'",
    ],
    says: [
      '1: LISTEN',
      '2: LISTEN',
      '3: BEGIN',
      '3: NOTIFY',
      '3: COMMIT',
      '1: told by 3: hello',
      '2: told by 3: hello',
      '2: , SELECT 1, told by 2: mine',
      '1: told by 2: mine',
      '2: UNLISTEN',
      '3: NOTIFY',
      '1: told by 3: again',
      '1: BEGIN, LISTEN, ROLLBACK',
      '3: NOTIFY',
      '3: NOTIFY',
    ],
  },
  {
    title: 'tables are made and dropped in transactions',
    script: [
      '1: begin; create table notes (a int); drop table items; rollback',
      '1: select * from notes',
      '1: select count(*) from items',
    ],
    says: ['1: BEGIN, CREATE TABLE, DROP TABLE, ROLLBACK', '1: ERROR 42P01', '1: 1, SELECT 1'],
  },
  {
    title: 'settings are those of their session',
    script: ["1: set application_name to 'one'", '2: show application_name', '1: show application_name'],
    says: ['1: SET', '2: , SHOW', '1: one, SHOW'],
  },
]

/** The table of differences: `docs/postgres.md` has it, and both columns are tested. */
export const DIFFERENCES: readonly EngineDifference[] = [
  {
    title: 'two transactions that have nothing to do with each other',
    script: ['1: begin', "2: insert into items (name) values ('b') returning name", '1: commit'],
    says: ['1: BEGIN', '2: b, INSERT 0 1', '1: COMMIT'],
    onPglite: ['1: BEGIN', '1: COMMIT', '2: b, INSERT 0 1'],
    note: 'one at a time. A wait of more than 100 ms of virtual time is one that a server might not have done: the run is not judged, and the report counts it',
  },
  {
    title: 'check, then insert, in two transactions at a time (READ COMMITTED)',
    script: [
      '1: begin',
      '2: begin',
      "1: select count(*) from orders where order_id = 'o'",
      "2: select count(*) from orders where order_id = 'o'",
      "1: insert into orders values ('o')",
      '1: commit',
      '2: commit',
    ],
    says: [
      '1: BEGIN',
      '2: BEGIN',
      '1: 0, SELECT 1',
      '2: 0, SELECT 1',
      '1: INSERT 0 1',
      '1: COMMIT',
      '2: COMMIT',
    ],
    onPglite: [
      '1: BEGIN',
      '1: 0, SELECT 1',
      '1: INSERT 0 1',
      '1: COMMIT',
      '2: BEGIN',
      '2: 1, SELECT 1',
      '2: COMMIT',
    ],
    note: 'such races never happen: a defect of this sort is **not found**',
  },
  {
    title: 'an update of what another transaction has changed meanwhile (REPEATABLE READ)',
    script: [
      '1: begin isolation level repeatable read; select amount from items',
      '2: update items set amount = 2',
      '1: update items set amount = 3',
      '1: rollback',
    ],
    says: ['1: BEGIN, 1, SELECT 1', '2: UPDATE 1', '1: ERROR 40001', '1: ROLLBACK'],
    onPglite: ['1: BEGIN, 1, SELECT 1', '1: UPDATE 1', '1: ROLLBACK', '2: UPDATE 1'],
    note: '40001 only as a fault (`service-error`)',
  },
  {
    title: 'two counts and two inserts at a time (SERIALIZABLE)',
    script: [
      '1: begin isolation level serializable; select count(*) from orders',
      '2: begin isolation level serializable; select count(*) from orders',
      "1: insert into orders values ('a')",
      "2: insert into orders values ('b')",
      '1: commit',
      '2: commit',
    ],
    says: [
      '1: BEGIN, 0, SELECT 1',
      '2: BEGIN, 0, SELECT 1',
      '1: INSERT 0 1',
      '2: INSERT 0 1',
      '1: COMMIT',
      '2: ERROR 40001',
    ],
    onPglite: [
      '1: BEGIN, 0, SELECT 1',
      '1: INSERT 0 1',
      '1: COMMIT',
      '2: BEGIN, 1, SELECT 1',
      '2: INSERT 0 1',
      '2: COMMIT',
    ],
    note: 'the same',
  },
  {
    title: 'two transactions that wait for each other',
    script: [
      "1: insert into items (name) values ('b')",
      "1: begin; update items set amount = 1 where name = 'seed'",
      "2: begin; update items set amount = 2 where name = 'b'",
      "1: update items set amount = 1 where name = 'b'",
      "2: update items set amount = 2 where name = 'seed'",
      '+1000 ms',
      '2: commit',
    ],
    says: [
      '1: INSERT 0 1',
      '1: BEGIN, UPDATE 1',
      '2: BEGIN, UPDATE 1',
      '1: ERROR 40P01 at 1 s',
      '2: UPDATE 1 at 1 s',
      '2: COMMIT at 1 s',
    ],
    onPglite: ['1: INSERT 0 1', '1: BEGIN, UPDATE 1', '1: UPDATE 1'],
    note: '40P01 only as a fault. On a server the victim is the session whose `deadlock_timeout` is over first, in virtual time',
  },
  {
    title: '`FOR UPDATE SKIP LOCKED`',
    script: [
      "1: insert into items (name) values ('b')",
      '1: begin; select name from items order by id for update skip locked limit 1',
      '2: select name from items order by id for update skip locked limit 1',
      '1: commit',
    ],
    says: ['1: INSERT 0 1', '1: BEGIN, seed, SELECT 1', '2: b, SELECT 1', '1: COMMIT'],
    onPglite: ['1: INSERT 0 1', '1: BEGIN, seed, SELECT 1', '1: COMMIT', '2: seed, SELECT 1'],
    note: 'nothing is ever locked by another one, so that nobody skips',
  },
  {
    title: '`FOR UPDATE NOWAIT`',
    script: [
      '1: begin; select id from items for update',
      '2: select id from items for update nowait',
      '1: commit',
    ],
    says: ['1: BEGIN, 1, SELECT 1', '2: ERROR 55P03', '1: COMMIT'],
    onPglite: ['1: BEGIN, 1, SELECT 1', '1: COMMIT', '2: 1, SELECT 1'],
    note: 'the same',
  },
  {
    title: '`lock_timeout`',
    script: [
      '1: begin; update items set amount = 2',
      '2: set lock_timeout = 300',
      '2: update items set amount = 3',
      '+1000 ms',
      '1: commit',
    ],
    says: ['1: BEGIN, UPDATE 1', '2: SET', '2: ERROR 55P03 at 0.3 s', '1: COMMIT at 1 s'],
    onPglite: ['1: BEGIN, UPDATE 1', '1: COMMIT at 1 s', '2: SET at 1 s', '2: UPDATE 1 at 1 s'],
    note: 'no effect',
  },
  {
    title: '`statement_timeout`',
    script: ['1: set statement_timeout = 500', '1: select 1 from pg_sleep(2)', '+3000 ms'],
    says: ['1: SET', '1: ERROR 57014 at 0.5 s'],
    onPglite: ['1: SET', '1: 1, SELECT 1 at 2 s'],
    note: 'no effect',
  },
  {
    title: '`idle_in_transaction_session_timeout`',
    script: ['1: set idle_in_transaction_session_timeout = 500', '1: begin', '+1000 ms', '2: select 2'],
    says: ['1: SET', '1: BEGIN', '1: ERROR 25P03, ended', '2: 2, SELECT 1 at 1 s'],
    onPglite: ['1: SET', '1: BEGIN'],
    note: 'no effect',
  },
  {
    title: 'advisory locks of a session',
    script: ['1: select pg_try_advisory_lock(1)', '2: select pg_try_advisory_lock(1)'],
    says: ['1: t, SELECT 1', '2: f, SELECT 1'],
    onPglite: [
      '1: refused: it takes an advisory lock for its session',
      '2: refused: it takes an advisory lock for its session',
    ],
    note: 'they would be granted to all. `pg_advisory_xact_lock` works',
  },
  {
    title: 'temporary tables',
    script: ['1: create temp table t (a int)', '2: select * from t'],
    says: ['1: CREATE TABLE', '2: ERROR 42P01'],
    onPglite: ['1: refused: it makes a temporary table', '2: ERROR 42P01'],
    note: "all connections' would be one",
  },
  {
    title: 'SQL `PREPARE`, `DEALLOCATE`, `DISCARD`',
    script: ['1: prepare p as select 1', '1: execute p', '2: execute p'],
    says: ['1: PREPARE', '1: 1, SELECT 1', '2: ERROR 26000'],
    onPglite: ['1: refused: it runs PREPARE, DEALLOCATE or DISCARD', '1: ERROR 26000', '2: ERROR 26000'],
    note: 'prepared statements of a driver are each connection’s own',
  },
  {
    title: '`SET ROLE`',
    script: ['1: set role pg_monitor', '1: select current_user'],
    says: ['1: SET', '1: pg_monitor, SELECT 1'],
    onPglite: ['1: refused: it changes its role', '1: postgres, SELECT 1'],
    note: 'one role for all',
  },
  {
    title: 'cursors `WITH HOLD`',
    script: ['1: declare c cursor with hold for select 1', '1: fetch c'],
    says: ['1: DECLARE CURSOR', '1: 1, FETCH 1'],
    onPglite: ['1: refused: it declares a cursor WITH HOLD', '1: ERROR 34000'],
    note: 'within a transaction cursors work',
  },
  {
    title: '`COPY … FROM STDIN` beside other statements in one text',
    script: ['1: select 1; copy items (name) from stdin <<< a'],
    says: ['1: 1, SELECT 1, copies in', '1: COPY 1'],
    onPglite: ['1: refused: it runs COPY FROM STDIN as one of several statements'],
    note: 'by itself it works',
  },
  {
    title: '`search_path`',
    script: ['1: show search_path'],
    says: ['1: "$user", public, SHOW'],
    onPglite: ['1: public, SHOW'],
    note: 'the default of PGlite',
  },
  {
    title: 'room for locks, and other settings of its memory',
    script: ['1: show max_locks_per_transaction'],
    says: ['1: 64, SHOW'],
    onPglite: ['1: 20, SHOW'],
    note: 'as small as may be, so that a schedule begins quickly. A transaction that locks more than 3,000 tables can end in 53200',
  },
  {
    title: 'functions that came with PostgreSQL 18',
    script: ['1: select uuid_extract_version(uuidv7())'],
    says: ['1: ERROR 42883'],
    onPglite: ['1: 7, SELECT 1'],
    note: 'PGlite is a PostgreSQL 18; the server is the one that you have, here 15',
    major: '15',
  },
]
