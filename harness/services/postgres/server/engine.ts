import { createHash } from 'node:crypto'
import { HarnessError, UsageError } from '../../../core/errors.ts'
import type { ServiceRow } from '../../../core/service.ts'
import type { EngineRun, PostgresEngine } from '../engine.interface.ts'
import { fieldOf, messagesIn, terminated } from '../messages.ts'
import { rowsOf } from '../rows.ts'
import { settingsOf } from '../settings.ts'
import type { Bridge } from './bridge.ts'
import type { ServerOperation, ServerReply } from './requests.interface.ts'

export interface ServerDatabase {
  /** Name of the service in the scenario. */
  readonly service: string
  readonly schema: string
}

/** As a server allows by default; ours has places for some that are still about to end. */
const SESSIONS_MAX = 100

/** A session as this thread sees it. */
interface ServerSession {
  /** Units that wait until the one before them is answered. */
  readonly units: Uint8Array[]
  busy: boolean
  /** The client is gone: it ends when all that it had sent is done. */
  leaving: boolean
}

/** A real server: each session has a backend of its own, and transactions run side by side. */
export class ServerEngine implements PostgresEngine {
  readonly name: string
  readonly concurrent = true
  readonly sessionsMax = SESSIONS_MAX
  readonly greeting: Uint8Array
  readonly #bridge: Bridge
  readonly #database: string
  #sessions: Map<number, ServerSession> = new Map()
  #run: EngineRun | null = null
  #timer: { cancel(): void } | null = null
  #dueUs: number | null = null
  #running = false

  private constructor(name: string, bridge: Bridge, database: string, greeting: Uint8Array) {
    this.name = name
    this.#bridge = bridge
    this.#database = database
    this.greeting = greeting
  }

  /** @throws UsageError where the schema is refused */
  static create(name: string, bridge: Bridge, { service, schema }: ServerDatabase): ServerEngine {
    const database = `run_${createHash('sha256').update(`${service}\0${schema}`).digest('hex').slice(0, 16)}`
    const { answer, greeting } = bridge.ask({ op: 'create', database, schema })
    const error = messagesIn(answer ?? new Uint8Array()).find(({ type }) => type === 'E')
    if (error !== undefined)
      throw new UsageError(
        'bad-scenario',
        `the schema of postgres({ schema }) is refused: ${fieldOf(error.body, 'M')}`,
      )
    return new ServerEngine(name, bridge, database, greeting ?? new Uint8Array())
  }

  reset(run: EngineRun): void {
    this.#timer?.cancel()
    this.#timer = null
    this.#dueUs = null
    this.#run = run
    this.#sessions = new Map()
    this.#running = false
    this.#ask({ op: 'reset', seed: run.seed, nowUs: run.nowUs() })
  }

  open(id: number, parameters: ReadonlyMap<string, string>): void {
    const nowUs = this.#demanded().nowUs()
    this.#sessions.set(id, { units: [], busy: false, leaving: false })
    this.#ask({ op: 'open', session: id, settings: settingsOf(parameters), nowUs })
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
    const { answer } = this.#ask({ op: 'ask', sql }, `the question ${sql}`)
    if (answer === null) return null
    const answers = messagesIn(answer)
    const error = answers.find(({ type }) => type === 'E')
    if (error !== undefined) throw new Error(fieldOf(error.body, 'M'))
    return rowsOf(answers)
  }

  #ask(operation: ServerOperation, about?: string): ServerReply {
    return this.#bridge.ask({ ...operation, database: this.#database }, about)
  }

  #demanded(): EngineRun {
    if (this.#run === null) throw new HarnessError('a database without a run')
    return this.#run
  }

  /** Gives each session that is not busy its next unit, as long as there are any. */
  #pump(): void {
    // An answer may bring the next unit at once: it waits for its turn here.
    if (this.#running) return
    this.#running = true
    try {
      this.#work()
    } finally {
      this.#running = false
    }
  }

  #work(): void {
    for (let next = this.#next(); next !== undefined; next = this.#next()) {
      const [id, session] = next
      const nowUs = this.#demanded().nowUs()
      const unit = session.units.shift()
      if (unit === undefined) {
        session.leaving = false
        if (!session.busy) this.#sessions.delete(id)
        this.#take(this.#ask({ op: 'close', session: id, nowUs }))
      } else {
        session.busy = true
        this.#take(this.#ask({ op: 'unit', session: id, bytes: unit, nowUs }, sqlIn(unit)))
      }
    }
  }

  #next(): [number, ServerSession] | undefined {
    return [...this.#sessions].find(
      // One that is gone while it waits for a lock goes on waiting, as on any server.
      ([, { units, busy, leaving }]) => (units.length > 0 && !busy) || (leaving && units.length === 0),
    )
  }

  #take(first: ServerReply): void {
    let reply = first
    this.#tell(reply)
    while (reply.more) {
      reply = this.#ask({ op: 'next' })
      this.#tell(reply)
    }
    this.#wakeAt(reply.dueUs)
  }

  #tell({ outputs }: ServerReply): void {
    const { answered, ended } = this.#demanded()
    for (const { session: id, bytes, kind } of outputs) {
      const session = this.#sessions.get(id)
      if (session === undefined) continue
      if (kind === 'answer') session.busy = false
      if (kind === 'ended') {
        this.#sessions.delete(id)
        ended(id, bytes)
      } else answered({ session: id, bytes, waitedUs: 0, unasked: kind === 'unasked' })
    }
  }

  #wakeAt(dueUs: number | null): void {
    if (dueUs === this.#dueUs) return
    this.#timer?.cancel()
    this.#dueUs = dueUs
    const run = this.#demanded()
    if (dueUs === null) return
    this.#timer = run.after(Math.max(0, dueUs - run.nowUs()), () => {
      this.#dueUs = null
      this.#running = true
      try {
        this.#take(this.#ask({ op: 'wake', nowUs: run.nowUs() }))
        this.#work()
      } finally {
        this.#running = false
      }
    })
  }
}

/** The statement that an app asked for, for the error of one that never ends. */
function sqlIn(unit: Uint8Array): string {
  const [first] = messagesIn(unit).filter(({ type }) => type === 'Q' || type === 'P')
  if (first === undefined) return 'a prepared statement'
  const from = first.type === 'P' ? terminated(first.body).end : 0
  return `the statement ${terminated(first.body, from).text.slice(0, 200)}`
}
