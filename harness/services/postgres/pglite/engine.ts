import type { ServiceRow } from '../../../core/service.ts'
import type { EngineRun, PostgresEngine } from '../engine.interface.ts'
import { fieldOf, message, messagesIn, type PgMessage, queryMessage, terminated } from '../messages.ts'
import { rowsOf } from '../rows.ts'
import { settingsOf } from '../settings.ts'
import { copiesIn } from '../statements.ts'
import { PGLITE_NAME, type PgliteDatabase } from './boot.ts'
import { ListeningSessions, quoted, type ToldListener } from './listening.ts'
import { ownName, renamed } from './names.ts'

/** Command tags of statements that may have changed a setting. */
const SETS = /^(?:SET|RESET|ROLLBACK)$/
const SETTINGS_IN_FORCE = `select format('select set_config(%L, %L, false)', name, setting) as sql
  from pg_settings where source = 'session' and context in ('user', 'superuser') order by name`
const COPY_DONE = message('c', Buffer.alloc(0))
const SYNC = message('S', Buffer.alloc(0))

/** One client's session, over the one session that there is. */
interface EngineSession {
  readonly id: number
  /** Units that wait for their turn. */
  readonly units: Uint8Array[]
  /** Of the last ReadyForQuery: `I`, `T` or `E`. */
  status: string
  /** A Flush has come, and no Sync yet. */
  inBatch: boolean
  /** Names of its prepared statements. */
  readonly statements: Set<string>
  /** SQL that makes its settings again. */
  settings: readonly string[]
  /** A statement of its may have set something since `settings` were read. */
  hasSet: boolean
  /** Its Parse message without a name; others may have parsed theirs since. */
  unnamed: Buffer | null
  unnamedIsStale: boolean
  /** A `COPY … FROM STDIN` whose rows have not come. */
  copying: Buffer | null
  /** The client is gone: the session ends when its units are done. */
  leaving: boolean
}

/** Several sessions over PGlite, which has one: transactions run one at a time. */
export class PgliteEngine implements PostgresEngine {
  readonly name = PGLITE_NAME
  readonly concurrent = false
  readonly sessionsMax = null
  readonly #database: PgliteDatabase
  #sessions: Map<number, EngineSession> = new Map()
  #run: EngineRun | null = null
  /** The session whose transaction is open. */
  #owner: EngineSession | null = null
  /** The session whose settings are in force. */
  #last: EngineSession | null = null
  readonly #listening: ListeningSessions = new ListeningSessions()
  /** Names of the statements that questions have become in this run, by their text. */
  readonly #questions: Map<string, string> = new Map()
  #running = false

  constructor(database: PgliteDatabase) {
    this.#database = database
  }

  get greeting(): Uint8Array {
    return this.#database.greeting
  }

  reset(run: EngineRun): void {
    this.#run = run
    this.#sessions = new Map()
    this.#owner = null
    this.#last = null
    this.#running = false
    this.#listening.clear()
    this.#questions.clear()
    this.#database.restore(run.seed)
  }

  open(id: number, parameters: ReadonlyMap<string, string>): void {
    this.#sessions.set(id, {
      id,
      units: [],
      status: 'I',
      inBatch: false,
      statements: new Set(),
      settings: settingsOf(parameters),
      hasSet: false,
      unnamed: null,
      unnamedIsStale: false,
      copying: null,
      leaving: false,
    })
  }

  exec(id: number, unit: Uint8Array): void {
    this.#sessions.get(id)?.units.push(unit)
    this.#pump()
  }

  close(id: number): void {
    const session = this.#sessions.get(id)
    if (session === undefined) return
    session.leaving = true
    this.#pump()
  }

  ask(sql: string): readonly ServiceRow[] | null {
    if (this.#owner !== null) return null
    const answers = this.#answersTo(sql)
    const error = answers.find(isError)
    if (error !== undefined) throw new Error(fieldOf(error.body, 'M'))
    return rowsOf(answers)
  }

  /**
   * A question is asked again and again, and planned once. Several statements in one text can't be
   * prepared, and one whose columns have changed not be done: they are sent as they are.
   */
  #answersTo(sql: string): readonly PgMessage[] {
    const known = this.#questions.get(sql)
    const name = known ?? `question ${this.#questions.size}`
    if (known === undefined) this.#questions.set(sql, name)
    const asking = [...(known === undefined ? [parseMessage(name, sql)] : []), ...doing(name), SYNC]
    const answers = messagesIn(this.#exec(Buffer.concat(asking)).bytes)
    return answers.some(isError) ? messagesIn(this.#exec(queryMessage(sql)).bytes) : answers
  }

  /** The owner's units first; without an owner those of the first session in line. */
  #pump(): void {
    // An answer may bring the next unit at once: it waits for its turn here.
    if (this.#running) return
    this.#running = true
    for (let next = this.#next(); next !== undefined; next = this.#next()) {
      const unit = next.units.shift()
      if (unit === undefined) this.#leave(next)
      else this.#do(next, unit)
    }
    this.#running = false
  }

  #next(): EngineSession | undefined {
    const ready = ({ units, leaving }: EngineSession): boolean => units.length > 0 || leaving
    if (this.#owner !== null) return ready(this.#owner) ? this.#owner : undefined
    return [...this.#sessions.values()].find(ready)
  }

  #do(session: EngineSession, unit: Uint8Array): void {
    this.#switchTo(session)
    const messages = messagesIn(unit)
    if (/\bset_config\b/i.test(Buffer.from(unit).toString('latin1'))) session.hasSet = true
    for (const sql of messages.flatMap(sqlOf)) this.#listening.noteSql(session.id, sql)
    const { bytes: given, hidden } = this.#rewritten(session, messages)
    const copied = this.#copied(session, messages, given)
    const { bytes, waitedUs } = this.#exec(copied.bytes)
    const flush = messages.at(-1)?.type === 'H'
    session.inBatch = flush
    const kept: Buffer[] = []
    const told: ToldListener[] = []
    let left = hidden
    let committed = true
    for (const each of messagesIn(bytes)) {
      if (each.type === '1' && left > 0) {
        left -= 1
        continue
      }
      if (each.type === 'A') {
        told.push(...this.#listening.told(each, session.id))
        continue
      }
      if (each.type === 'G' && copied.isDone) continue
      if (each.type === 'Z') session.status = each.body.toString('latin1')
      if (each.type === 'Z' && flush) continue
      if (each.type === 'E' || (each.type === 'C' && terminated(each.body).text === 'ROLLBACK'))
        committed = false
      if (each.type === 'C' && SETS.test(terminated(each.body).text)) session.hasSet = true
      if (each.type === 'G') {
        // The rest is the end of the attempt without rows.
        session.copying = Buffer.from(given)
        kept.push(each.whole)
        break
      }
      kept.push(each.whole)
    }
    if (session.status === 'I' && !flush) this.#ended(session, committed)
    this.#owner = session.status !== 'I' || session.inBatch || session.copying !== null ? session : null
    this.#tell(session, { kept, told, waitedUs })
  }

  /** Its own notifications stand before ReadyForQuery; those of others come by themselves. */
  #tell(
    { id }: EngineSession,
    { kept, told, waitedUs }: { kept: Buffer[]; told: readonly ToldListener[]; waitedUs: number },
  ): void {
    const mine = told.filter(({ session }) => session === id).map(({ bytes }) => bytes)
    kept.splice(Math.max(0, kept.length - 1), 0, ...mine)
    this.#run?.answered({ session: id, bytes: Buffer.concat(kept), waitedUs, unasked: false })
    for (const { session, bytes } of told)
      if (session !== id) this.#run?.answered({ session, bytes, waitedUs, unasked: true })
  }

  /**
   * PGlite ends where the rows of a `COPY … FROM STDIN` do not come with it. So it is tried without
   * rows, which tells whether and in which form they are awaited, and done when they are here.
   */
  #copied(
    session: EngineSession,
    messages: readonly PgMessage[],
    given: Buffer,
  ): { readonly bytes: Buffer; readonly isDone: boolean } {
    const { copying } = session
    if (copying !== null) {
      session.copying = null
      return { bytes: Buffer.concat([copying, given]), isDone: true }
    }
    const [first] = messages
    const copies = first?.type === 'Q' && copiesIn(terminated(first.body).text)
    return { bytes: copies ? Buffer.concat([given, COPY_DONE]) : given, isDone: false }
  }

  /** No transaction of this session is open. The one session goes on listening for others. */
  #ended({ id }: EngineSession, committed: boolean): void {
    for (const channel of this.#listening.ended(id, committed))
      if (this.#listening.listeners(channel).length > 0) this.#exec(queryMessage(`listen ${quoted(channel)}`))
  }

  /** Names of the session's own; a statement without a name is parsed again where others did. */
  #rewritten(
    session: EngineSession,
    messages: readonly PgMessage[],
  ): { readonly bytes: Buffer; readonly hidden: number } {
    let hidden = 0
    const parts: Buffer[] = []
    for (const { whole } of messages) {
      const { bytes, prepares, bindsUnnamed } = renamed(whole, session.id)
      if (bindsUnnamed && session.unnamedIsStale && session.unnamed !== null) {
        parts.push(session.unnamed)
        hidden += 1
        session.unnamedIsStale = false
      }
      if (prepares === '') {
        session.unnamed = bytes
        session.unnamedIsStale = false
      } else if (prepares !== null) session.statements.add(prepares)
      parts.push(bytes)
    }
    return { bytes: Buffer.concat(parts), hidden }
  }

  /** Settings are all of the one session that can't be told apart by a name. */
  #switchTo(session: EngineSession): void {
    if (this.#last === session) return
    const previous = this.#last
    if (previous?.hasSet === true) {
      previous.settings = this.#settingsInForce()
      previous.hasSet = false
    }
    this.#last = session
    session.unnamedIsStale = true
    if ((previous?.settings.length ?? 0) === 0 && session.settings.length === 0) return
    this.#exec(queryMessage(['reset all', ...session.settings].join(';')))
  }

  /**
   * Asked of the database, not of the statements that went by: those may have been rolled back,
   * local to a transaction, or one of several in a text.
   */
  #settingsInForce(): readonly string[] {
    return rowsOf(messagesIn(this.#exec(queryMessage(SETTINGS_IN_FORCE)).bytes)).flatMap(({ sql }) =>
      typeof sql === 'string' ? [sql] : [],
    )
  }

  /** Rollback, and its statements are forgotten. */
  #leave(session: EngineSession): void {
    if (this.#owner === session) {
      if (session.inBatch) this.#exec(SYNC)
      this.#exec(queryMessage('rollback'))
      this.#owner = null
    }
    if (session.statements.size > 0) {
      const closing = [...session.statements].map((name) =>
        message('C', Buffer.from(`S${ownName(session.id, name)}\0`)),
      )
      this.#exec(Buffer.concat([...closing, SYNC]))
    }
    for (const channel of this.#listening.leave(session.id))
      this.#exec(queryMessage(`unlisten ${quoted(channel)}`))
    this.#sessions.delete(session.id)
  }

  #exec(bytes: Uint8Array): { readonly bytes: Uint8Array; readonly waitedUs: number } {
    return this.#database.exec(bytes, this.#run?.nowUs() ?? 0)
  }
}

function isError({ type }: PgMessage): boolean {
  return type === 'E'
}

/** Does a prepared statement without parameters. */
function doing(name: string): readonly Buffer[] {
  return [
    message('B', Buffer.concat([Buffer.from(`\0${name}\0`), Buffer.alloc(6)])),
    message('D', Buffer.from('P\0')),
    message('E', Buffer.alloc(5)),
  ]
}

function parseMessage(name: string, sql: string): Buffer {
  return message('P', Buffer.concat([Buffer.from(`${name}\0${sql}\0`), Buffer.alloc(2)]))
}

/** The statement of a Query or Parse message. */
function sqlOf({ type, body }: PgMessage): readonly string[] {
  if (type === 'Q') return [terminated(body).text]
  return type === 'P' ? [terminated(body, terminated(body).end).text] : []
}
