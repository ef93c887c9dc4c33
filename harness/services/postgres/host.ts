import type { ArrivedCall, ServiceConnection, ServiceErrorCode, ServiceRun } from '../../core/service.ts'
import type { EngineAnswer, PostgresEngine } from './engine.interface.ts'
import {
  codeOf,
  errorMessage,
  FIRST,
  MessageSplitter,
  message,
  messagesIn,
  Opening,
  type PgMessage,
  queryMessage,
  terminated,
} from './messages.ts'
import { canChange, notGiven, operationOf, sharedByAll } from './statements.ts'

/** Time that the database takes for a unit, in microseconds. */
const SERVICE_US = 100
/** A wait for another transaction that a real server would perhaps not have done. */
const WAIT_US_MAX = 100_000
/** Messages at which a client waits for an answer. */
const UNIT_ENDS = new Set(['Q', 'S', 'H', 'F'])
/** Messages of a client that copies rows in. */
const COPIED = new Set(['d', 'c', 'f'])
const READY = message('Z', Buffer.from('I'))

/** A unit that the engine has, and has not answered. */
interface Unit {
  /** Null: a Flush, which is a part of a call. */
  readonly call: ArrivedCall | null
  /** A simple query, or what was copied in for one. */
  readonly simple: boolean
  /** An error that the schedule wants: what comes before it is not the client's. */
  readonly fails: boolean
  waiting: { cancel(): void } | null
}

/** One client's connection. */
interface HostSession {
  readonly id: number
  readonly connection: ServiceConnection
  readonly opening: Opening
  readonly splitter: MessageSplitter
  /** Its prepared statements that are a COMMIT, by name. */
  readonly commits: Set<string>
  /** Messages since the last unit. */
  collected: Buffer[]
  readonly units: Unit[]
  /** The call of a `COPY … FROM STDIN` whose rows are awaited. */
  copying: ArrivedCall | null
  closed: boolean
}

/**
 * The protocol of PostgreSQL in front of an engine: opens and closes sessions, cuts what clients
 * send into units, and lets the schedule have its way with each call.
 */
export class PostgresHost {
  readonly #engine: PostgresEngine
  readonly #run: ServiceRun
  readonly #sessions: Map<number, HostSession> = new Map()
  /** Those that the engine knows. */
  readonly #opened: Set<number> = new Set()
  #nextId = 1

  constructor(engine: PostgresEngine, run: ServiceRun) {
    this.#engine = engine
    this.#run = run
    engine.reset({
      seed: run.seed,
      nowUs: () => run.epochUs + run.nowUs,
      after: (delayUs, action) => run.after(delayUs, action),
      answered: (answer) => this.#answered(answer),
      ended: (session, bytes) => this.#ended(session, bytes),
    })
  }

  accept(connection: ServiceConnection): void {
    const session: HostSession = {
      id: this.#nextId,
      connection,
      opening: new Opening(),
      splitter: new MessageSplitter(),
      commits: new Set(),
      collected: [],
      units: [],
      copying: null,
      closed: false,
    }
    this.#nextId += 1
    this.#sessions.set(session.id, session)
    Object.assign(connection, {
      onData: (bytes: Buffer) => this.#data(session, bytes),
      onEnd: () => {
        this.#close(session)
        connection.end()
      },
      onClose: () => this.#close(session),
    } satisfies Partial<ServiceConnection>)
  }

  #data(session: HostSession, bytes: Buffer): void {
    const { first, rest } = session.opening.add(bytes)
    for (const { code, body } of first) this.#first(session, code, body)
    for (const each of session.splitter.add(rest)) {
      if (session.closed) return
      this.#message(session, each)
    }
  }

  #first(session: HostSession, code: number, body: Buffer): void {
    const { connection, id } = session
    // TLS of a simulated socket encrypts nothing: it is agreed to, and plain messages follow.
    if (code === FIRST.ssl) return connection.write(Buffer.from('S'))
    if (code === FIRST.gss) return connection.write(Buffer.from('N'))
    if (code === FIRST.cancel) return connection.end()
    const { sessionsMax } = this.#engine
    if (sessionsMax !== null && this.#opened.size >= sessionsMax) {
      this.#run.outside(
        `more than ${sessionsMax} sessions at a time; give the pools of the app a smaller max`,
      )
      session.closed = true
      return connection.end()
    }
    this.#opened.add(id)
    this.#engine.open(id, parametersOf(body))
    const key = Buffer.alloc(8)
    key.writeInt32BE(id, 0)
    key.writeInt32BE(id * 7919, 4)
    connection.write(Buffer.concat([this.#engine.greeting, message('K', key), READY]), SERVICE_US)
  }

  #message(session: HostSession, { type, body, whole }: PgMessage): void {
    if (type === 'X') {
      this.#close(session)
      session.connection.end()
      return
    }
    const sql = type === 'Q' ? terminated(body).text : type === 'P' ? sqlOfParse(body) : null
    if (sql !== null) this.#demandGiven(session, sql)
    if (type === 'P' && sql !== null) {
      const { text: name } = terminated(body)
      if (isCommit(sql)) session.commits.add(name)
      else session.commits.delete(name)
    }
    if (COPIED.has(type)) return this.#copied(session, type, whole)
    session.collected.push(Buffer.from(whole))
    if (UNIT_ENDS.has(type)) this.#unit(session, type)
  }

  #demandGiven({ connection: { client } }: HostSession, sql: string): void {
    const { concurrent, name } = this.#engine
    const needs = concurrent ? null : notGiven(sql)
    if (needs !== null) this.#run.refuse(client, needs.what, `${name} has one session; ${needs.instead}`)
    const shared = sharedByAll(sql)
    if (shared !== null) this.#run.refuse(client, shared.what, shared.instead)
  }

  /** Rows for `COPY … FROM STDIN`. Behind an error they come for nothing, and are dropped. */
  #copied(session: HostSession, type: string, whole: Buffer): void {
    const { copying } = session
    if (copying === null) return
    session.collected.push(Buffer.from(whole))
    if (type === 'd') return
    session.copying = null
    this.#give(session, copying, Buffer.concat(session.collected.splice(0)), true)
  }

  #unit(session: HostSession, type: string): void {
    const bytes = Buffer.concat(session.collected.splice(0))
    if (type === 'H') return this.#give(session, null, bytes, false)
    const call = session.connection.arrived()
    if (call === null) return
    if (call.error === null) return this.#give(session, call, bytes, type === 'Q')
    if (call.error === '57P01') return this.#shutDown(session, call)
    this.#give(session, call, failing(call.error, commits(session, bytes)), true)
  }

  /** FATAL, and the connection ends. */
  #shutDown(session: HostSession, call: ArrivedCall): void {
    const { connection } = session
    call.done({ error: '57P01', changed: false })
    const text = 'terminating connection due to administrator command'
    connection.write(errorMessage('57P01', 'FATAL', text), SERVICE_US)
    this.#close(session)
    connection.end()
  }

  #give(session: HostSession, call: ArrivedCall | null, bytes: Uint8Array, simple: boolean): void {
    const unit: Unit = { call, simple, fails: (call?.error ?? null) !== null, waiting: null }
    session.units.push(unit)
    this.#engine.exec(session.id, bytes)
    if (!session.units.includes(unit) || this.#engine.concurrent) return
    // It waits for the end of another transaction: on a real server perhaps it would not.
    unit.waiting = this.#run.after(WAIT_US_MAX, () => {
      if (session.units.includes(unit) && !session.closed)
        this.#run.outside('two transactions at a time, of which one waits for the other')
    })
  }

  #answered({ session: id, bytes, waitedUs, unasked }: EngineAnswer): void {
    const session = this.#sessions.get(id)
    if (unasked) return session?.connection.write(Buffer.from(bytes), SERVICE_US)
    const unit = session?.units.shift()
    if (session === undefined || unit === undefined) return
    unit.waiting?.cancel()
    if (messagesIn(bytes).at(-1)?.type === 'G') this.#awaitRows(session, unit)
    else {
      const { error, changed } = outcomeOf(bytes)
      unit.call?.done({ error, changed })
    }
    const seen = unit.fails ? withoutTags(bytes) : Buffer.from(bytes)
    session.connection.write(seen, SERVICE_US + waitedUs)
  }

  /** The call ends when its rows have come. */
  #awaitRows(session: HostSession, { call, simple }: Unit): void {
    const { client } = session.connection
    if (!simple)
      this.#run.refuse(client, 'copies rows in by a prepared statement', 'send it as a simple query')
    session.copying = call
  }

  #ended(id: number, bytes: Uint8Array): void {
    const session = this.#sessions.get(id)
    if (session === undefined || session.closed) return
    session.closed = true
    this.#opened.delete(id)
    const error = outcomeOf(bytes).error ?? 'CLOSED'
    for (const { call } of session.units.splice(0)) call?.done({ error, changed: false })
    session.connection.write(Buffer.from(bytes), SERVICE_US)
    session.connection.end()
  }

  #close(session: HostSession): void {
    if (session.closed) return
    session.closed = true
    if (this.#opened.delete(session.id)) this.#engine.close(session.id)
  }
}

/** The names and values of a startup message. */
function parametersOf(body: Buffer): ReadonlyMap<string, string> {
  const texts = body.toString('utf8').split('\0')
  const found = new Map<string, string>()
  for (let index = 0; index + 1 < texts.length; index += 2) {
    const name = texts[index] ?? ''
    if (name !== '') found.set(name, texts[index + 1] ?? '')
  }
  return found
}

function sqlOfParse(body: Buffer): string {
  return terminated(body, terminated(body).end).text
}

/** The transaction has ended or there is none, and something that can change rows was done. */
function outcomeOf(bytes: Uint8Array): { readonly error: string | null; readonly changed: boolean } {
  let error: string | null = null
  let changed = false
  let idle = false
  for (const each of messagesIn(bytes)) {
    if (each.type === 'E') error ??= codeOf(each)
    if (each.type === 'C') changed ||= canChange(terminated(each.body).text)
    if (each.type === 'Z') idle = each.body.toString('latin1') === 'I'
  }
  return { error, changed: changed && idle }
}

const TEXTS: Readonly<Partial<Record<ServiceErrorCode, string>>> = {
  '40001': 'could not serialize access due to concurrent update',
  '40P01': 'deadlock detected',
}

/**
 * A statement that fails with this error: the transaction is aborted, as by a real one. A COMMIT
 * ends its transaction whether it fails or not: where the statement stands for one, a rollback goes
 * before it.
 */
function failing(code: ServiceErrorCode, atCommit: boolean): Buffer {
  const raise = `do $$ begin raise exception using errcode = '${code}', message = '${TEXTS[code] ?? 'failed'}'; end $$`
  return queryMessage(atCommit ? `rollback; ${raise}` : raise)
}

/** Whether a unit ends its transaction. */
function commits({ commits: known }: HostSession, unit: Uint8Array): boolean {
  let found = false
  for (const { type, body } of messagesIn(unit)) {
    if (type === 'Q') found ||= isCommit(terminated(body).text)
    if (type === 'B') found ||= known.has(terminated(body, terminated(body).end).text)
  }
  return found
}

function isCommit(sql: string): boolean {
  return /^(?:COMMIT|END)$/.test(operationOf(sql))
}

function withoutTags(bytes: Uint8Array): Buffer {
  return Buffer.concat(
    messagesIn(bytes).flatMap(({ type, whole }) => (type === 'C' || type === 'N' ? [] : [whole])),
  )
}
