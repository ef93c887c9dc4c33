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
import { canChange, notGiven } from './statements.ts'

/** Time that the database takes for a unit, in microseconds. */
const SERVICE_US = 100
/** A wait for another transaction that a real server would perhaps not have done. */
const WAIT_US_MAX = 100_000
/** Messages at which a client waits for an answer. */
const UNIT_ENDS = new Set(['Q', 'S', 'H', 'F'])
const READY = message('Z', Buffer.from('I'))

/** A unit that the engine has, and has not answered. */
interface Unit {
  /** Null: a Flush, which is a part of a call. */
  readonly call: ArrivedCall | null
  readonly copies: boolean
  waiting: { cancel(): void } | null
}

/** One client's connection. */
interface HostSession {
  readonly id: number
  readonly connection: ServiceConnection
  readonly opening: Opening
  readonly splitter: MessageSplitter
  /** Messages since the last unit. */
  collected: Buffer[]
  readonly units: Unit[]
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
  #nextId = 1

  constructor(engine: PostgresEngine, run: ServiceRun) {
    this.#engine = engine
    this.#run = run
    engine.reset({
      seed: run.seed,
      nowUs: () => run.epochUs + run.nowUs,
      answered: (answer) => this.#answered(answer),
    })
  }

  accept(connection: ServiceConnection): void {
    const session: HostSession = {
      id: this.#nextId,
      connection,
      opening: new Opening(),
      splitter: new MessageSplitter(),
      collected: [],
      units: [],
      closed: false,
    }
    this.#nextId += 1
    this.#sessions.set(session.id, session)
    connection.onData = (bytes) => this.#data(session, bytes)
    connection.onEnd = () => {
      this.#close(session)
      connection.end()
    }
    connection.onClose = () => this.#close(session)
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
    const needs = sql === null ? null : notGiven(sql)
    if (needs !== null && !this.#engine.concurrent) {
      const { client } = session.connection
      this.#run.refuse(client, needs.what, `${this.#engine.name} has one session; ${needs.instead}`)
    }
    session.collected.push(Buffer.from(whole))
    if (UNIT_ENDS.has(type)) this.#unit(session, type)
  }

  #unit(session: HostSession, type: string): void {
    const bytes = Buffer.concat(session.collected.splice(0))
    if (type === 'H') return this.#give(session, null, bytes)
    const call = session.connection.arrived()
    if (call === null) return
    if (call.error === null) return this.#give(session, call, bytes)
    if (call.error === '57P01') return this.#shutDown(session, call)
    this.#give(session, call, failing(call.error))
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

  #give(session: HostSession, call: ArrivedCall | null, bytes: Uint8Array): void {
    const unit: Unit = { call, copies: false, waiting: null }
    session.units.push(unit)
    this.#engine.exec(session.id, bytes)
    if (!session.units.includes(unit) || this.#engine.concurrent) return
    // It waits for the end of another transaction: on a real server perhaps it would not.
    unit.waiting = this.#run.after(WAIT_US_MAX, () => {
      if (session.units.includes(unit) && !session.closed)
        this.#run.outside('two transactions at a time, of which one waits for the other')
    })
  }

  #answered({ session: id, bytes, waitedUs }: EngineAnswer): void {
    const session = this.#sessions.get(id)
    const unit = session?.units.shift()
    if (session === undefined || unit === undefined) return
    unit.waiting?.cancel()
    const { error, changed } = outcomeOf(bytes)
    unit.call?.done({ error, changed })
    session.connection.write(Buffer.from(bytes), SERVICE_US + waitedUs)
  }

  #close(session: HostSession): void {
    if (session.closed) return
    session.closed = true
    if (session.opening.done) this.#engine.close(session.id)
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

/** A statement that fails with this error, so that the transaction is aborted as a real one is. */
function failing(code: ServiceErrorCode): Buffer {
  return queryMessage(
    `do $$ begin raise exception using errcode = '${code}', message = '${TEXTS[code] ?? 'failed'}'; end $$`,
  )
}
