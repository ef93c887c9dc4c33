import type { ServiceRow } from '../../../core/service.ts'
import type { EngineRun, PostgresEngine } from '../engine.interface.ts'
import { fieldOf, message, messagesIn, type PgMessage, queryMessage, terminated } from '../messages.ts'
import { PGLITE_NAME, type PgliteDatabase } from './boot.ts'
import { ownName, renamed } from './names.ts'

/** Startup parameters that are no settings, or that every session has alike. */
const NO_SETTINGS = new Set(['user', 'database', 'replication', 'client_encoding', 'options'])
/** Command tags of statements that may have changed a setting. */
const SETS = /^(?:SET|RESET|ROLLBACK)$/
const SETTINGS_IN_FORCE = `select format('select set_config(%L, %L, false)', name, setting) as sql
  from pg_settings where source = 'session' and context in ('user', 'superuser') order by name`
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
  /** The client is gone: the session ends when its units are done. */
  leaving: boolean
}

/** Several sessions over PGlite, which has one: transactions run one at a time. */
export class PgliteEngine implements PostgresEngine {
  readonly name = PGLITE_NAME
  readonly concurrent = false
  readonly #database: PgliteDatabase
  #sessions: Map<number, EngineSession> = new Map()
  #run: EngineRun | null = null
  /** The session whose transaction is open. */
  #owner: EngineSession | null = null
  /** The session whose settings are in force. */
  #last: EngineSession | null = null
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
    this.#database.restore(run.seed)
  }

  open(id: number, parameters: ReadonlyMap<string, string>): void {
    const settings = [...parameters]
      .filter(([name]) => !NO_SETTINGS.has(name) && !name.startsWith('_pq_'))
      .map(([name, value]) => `set "${name.toLowerCase()}" to '${value.replaceAll("'", "''")}'`)
    this.#sessions.set(id, {
      id,
      units: [],
      status: 'I',
      inBatch: false,
      statements: new Set(),
      settings,
      hasSet: false,
      unnamed: null,
      unnamedIsStale: false,
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
    const answers = messagesIn(this.#exec(queryMessage(sql)).bytes)
    const error = answers.find(({ type }) => type === 'E')
    if (error !== undefined) throw new Error(fieldOf(error.body, 'M'))
    return rowsOf(answers)
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
    const { bytes: given, hidden } = this.#rewritten(session, messages)
    const { bytes, waitedUs } = this.#exec(given)
    const flush = messages.at(-1)?.type === 'H'
    session.inBatch = flush
    const kept: Buffer[] = []
    let left = hidden
    for (const each of messagesIn(bytes)) {
      if (each.type === '1' && left > 0) {
        left -= 1
        continue
      }
      if (each.type === 'Z') session.status = each.body.toString('latin1')
      if (each.type === 'Z' && flush) continue
      if (each.type === 'C' && SETS.test(terminated(each.body).text)) session.hasSet = true
      kept.push(each.whole)
    }
    this.#owner = session.status !== 'I' || session.inBatch ? session : null
    this.#run?.answered({ session: session.id, bytes: Buffer.concat(kept), waitedUs })
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
    this.#sessions.delete(session.id)
  }

  #exec(bytes: Uint8Array): { readonly bytes: Uint8Array; readonly waitedUs: number } {
    return this.#database.exec(bytes, this.#run?.nowUs() ?? 0)
  }
}

function rowsOf(answers: readonly PgMessage[]): readonly ServiceRow[] {
  const described = answers.find(({ type }) => type === 'T')
  const names = described === undefined ? [] : columnsOf(described.body)
  return answers
    .filter(({ type }) => type === 'D')
    .map(({ body }) => Object.fromEntries(valuesOf(body).map((value, index) => [names[index] ?? '', value])))
}

/** A column's name is followed by 18 bytes about its type. */
const COLUMN_BYTES = 18

function columnsOf(body: Buffer): readonly string[] {
  const names: string[] = []
  for (let at = 2, left = body.readInt16BE(0); left > 0; left -= 1) {
    const { text, end } = terminated(body, at)
    names.push(text)
    at = end + COLUMN_BYTES
  }
  return names
}

function valuesOf(body: Buffer): readonly (string | null)[] {
  const values: (string | null)[] = []
  for (let at = 2, left = body.readInt16BE(0); left > 0; left -= 1) {
    const size = body.readInt32BE(at)
    at += 4
    values.push(size < 0 ? null : body.toString('utf8', at, at + size))
    at += Math.max(0, size)
  }
  return values
}
