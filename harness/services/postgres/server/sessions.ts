import { message, type PgMessage, queryMessage, terminated } from '../messages.ts'
import { PlainAnswers } from './answers.ts'
import type { Backend } from './backend.ts'
import type { ClockPage } from './clock-page.ts'
import { type Databases, freed, type KeptDatabase, ServerRefusal } from './databases.ts'
import type { ServerReply, ServerRequest, SessionOutput } from './requests.interface.ts'
import type { Rest } from './rest.ts'

const SYNC = message('S', Buffer.alloc(0))
/** A step of the golden ratio: the chance of one session says nothing of that of the next. */
const SEED_STEP = 0x9e3779b9
const GONE = 'a process of the server has ended, and nobody asked it to'

export interface SessionsOptions {
  readonly clock: ClockPage | null
  readonly databases: Databases
  /** Name of the database. */
  readonly name: string
  readonly rest: Rest
}

/** The sessions of a run in one database, each of which has a backend of its own. */
export class Sessions {
  readonly #options: SessionsOptions
  #database: KeptDatabase | null = null
  #seed = 0
  #opened = 0
  #plain: PlainAnswers = new PlainAnswers(() => 0)
  #outputs: SessionOutput[] = []
  /** A transaction may have ended since notifications were last looked for. */
  #committed = false

  constructor(options: SessionsOptions) {
    this.#options = options
  }

  async reset({ seed, nowUs }: Extract<ServerRequest, { op: 'reset' }>): Promise<void> {
    this.#time(nowUs)
    this.#database = await this.#options.databases.beginAgain(this.#options.name)
    this.#seed = seed
    this.#opened = 0
    this.#outputs = []
    const { backends } = this.#database
    this.#plain = new PlainAnswers((pid) => backends.find((each) => each.pid === pid)?.session ?? 0)
  }

  async open({ session, settings, nowUs }: Extract<ServerRequest, { op: 'open' }>): Promise<void> {
    this.#time(nowUs)
    const database = this.#demanded()
    const free = database.backends.find((each) => each.session === null && !each.ended)
    const backend = free ?? (await this.#options.databases.open(database))
    this.#opened += 1
    const seed = (this.#seed + Math.imul(this.#opened, SEED_STEP)) >>> 0
    backend.seed(seed)
    backend.session = session
    backend.used = true
    // `random()` has a generator of its own, which outlives its session.
    await backend.ask(`select setseed(${seed / 2 ** 32})`)
    for (const sql of settings) await backend.ask(sql)
  }

  async unit({ session, bytes, nowUs }: Extract<ServerRequest, { op: 'unit' }>): Promise<void> {
    this.#time(nowUs)
    const backend = this.#of(session)
    if (backend === undefined) throw new ServerRefusal(GONE)
    backend.send(bytes)
    await this.#settle()
  }

  async close({ session, nowUs }: Extract<ServerRequest, { op: 'close' }>): Promise<void> {
    this.#time(nowUs)
    const backend = this.#of(session)
    if (backend === undefined) return
    backend.leaving = true
    if (backend.state === 'idle') await this.#leave(backend)
    await this.#settle()
  }

  /** Goes on with the first session that has got its lock. */
  async next(): Promise<void> {
    const free = await this.#options.rest.nextFree(this.#backends)
    if (free === null) return
    this.#options.rest.release(free)
    await this.#settle()
  }

  async wake(nowUs: number): Promise<void> {
    this.#time(nowUs)
    const due = this.#backends
      .map((backend) => ({ backend, dueUs: dueOf(backend) }))
      .filter(({ dueUs }) => dueUs !== null && dueUs <= nowUs)
      .toSorted((a, b) => (a.dueUs ?? 0) - (b.dueUs ?? 0) || a.backend.since - b.backend.since)
    for (const { backend } of due) {
      // What another one's alarm has set free may have no alarm left.
      if ((dueOf(backend) ?? Number.POSITIVE_INFINITY) > nowUs) continue
      backend.waitsBefore = backend.cell?.waits ?? -1
      backend.clearAlarm()
      this.#options.rest.release(backend)
      backend.signal('SIGALRM')
      await this.#settle()
    }
  }

  /** Committed rows as messages; null: a lock is in the way. */
  async ask(sql: string): Promise<Uint8Array | null> {
    const { asking } = this.#demanded()
    asking.send(queryMessage(sql))
    await this.#options.rest.settle([asking], () => Promise.resolve())
    if (asking.answered) return joined(asking.take())
    this.#options.rest.release(asking)
    asking.signal('SIGINT')
    await this.#options.rest.settle([asking], () => Promise.resolve())
    asking.take()
    return null
  }

  /** The outcome of the last request. */
  async reply(): Promise<Pick<ServerReply, 'outputs' | 'more' | 'dueUs'>> {
    const free = await this.#options.rest.nextFree(this.#backends)
    if (free === null && this.#committed) await this.#notify()
    const dues = this.#backends.flatMap((each) => dueOf(each) ?? [])
    return {
      outputs: this.#outputs.splice(0),
      more: free !== null,
      dueUs: dues.length === 0 ? null : Math.min(...dues),
    }
  }

  get #backends(): readonly Backend[] {
    return this.#database?.backends.filter(({ session, ended }) => session !== null && !ended) ?? []
  }

  #demanded(): KeptDatabase {
    if (this.#database === null) throw new Error('no run has begun')
    return this.#database
  }

  #of(session: number): Backend | undefined {
    return this.#backends.find((each) => each.session === session)
  }

  #time(nowUs: number): void {
    if (this.#options.clock !== null) this.#options.clock.nowUs = nowUs
  }

  #settle(): Promise<void> {
    return this.#options.rest.settle(this.#demanded().backends, (backend) => this.#answered(backend))
  }

  async #answered(backend: Backend): Promise<void> {
    const { session } = backend
    const messages = backend.take()
    if (session === null) return
    this.#committed ||= backend.status === 'I'
    if (messages.some(({ type, body }) => type === 'C' && terminated(body).text === 'LISTEN'))
      backend.listens = true
    // A server that closes a session says why; one that crashes does not.
    if (backend.ended && !backend.leaving && !messages.some(({ type }) => type === 'E'))
      throw new ServerRefusal(GONE)
    const bytes = this.#plainOf(messages)
    if (backend.leaving) await this.#leave(backend)
    if (backend.ended && !backend.leaving) this.#outputs.push({ session, bytes, kind: 'ended' })
    else if (bytes.length > 0) this.#outputs.push({ session, bytes, kind: 'answer' })
  }

  /** Locks are freed, and whoever waited for them goes on. */
  async #leave(backend: Backend): Promise<void> {
    this.#committed = true
    if (!(await freed(backend))) await this.#options.databases.terminate(this.#demanded(), [backend])
  }

  /** The server sends notifications to sessions that do nothing: each is asked for its own. */
  async #notify(): Promise<void> {
    this.#committed = false
    const listening = this.#backends.filter(
      ({ listens, state, status, inBatch }) => listens && state === 'idle' && status === 'I' && !inBatch,
    )
    for (const backend of listening) {
      const told = (await backend.exchange(SYNC)).filter(({ type }) => type === 'A')
      if (told.length > 0 && backend.session !== null)
        this.#outputs.push({ session: backend.session, bytes: this.#plainOf(told), kind: 'unasked' })
    }
  }

  #plainOf(messages: readonly PgMessage[]): Uint8Array {
    return joined(messages.map((each) => this.#plain.plain(each)).map((whole) => ({ whole })))
  }
}

function joined(messages: readonly Pick<PgMessage, 'whole'>[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(messages.map(({ whole }) => whole)))
}

/** When its timer goes off or its sleep ends; null: by itself it does nothing. */
function dueOf(backend: Backend): number | null {
  const { cell, state } = backend
  if (cell === null) return null
  const times = [cell.alarmUs, ...(state === 'asleep' ? [cell.waitUs] : [])].filter((us) => us > 0)
  return times.length === 0 ? null : Math.min(...times)
}
