import { fieldOf, type PgMessage } from '../messages.ts'
import { rowsOf } from '../rows.ts'
import { Backend } from './backend.ts'
import { BEGIN_AGAIN, BEYOND_ROWS, KEEP_BEGINNING } from './beginning.ts'
import type { ClockPage } from './clock-page.ts'

/** A database of a scenario, and the backends that are kept for its sessions. */
export interface KeptDatabase {
  readonly name: string
  /** The one that effects are asked of, and that puts rows back. */
  asking: Backend
  readonly backends: Backend[]
}

/** The server has refused something of ours. */
export class ServerRefusal extends Error {}

export interface DatabasesOptions {
  readonly socket: string
  readonly clock: ClockPage | null
  readonly control: Backend
  /** From so many on, those of scenarios that are over go. */
  readonly backendsMax: number
}

/** Makes databases, and puts them back to how they were after their schema. */
export class Databases {
  readonly #socket: string
  readonly #clock: ClockPage | null
  readonly #control: Backend
  readonly #backendsMax: number
  readonly #all: Map<string, KeptDatabase> = new Map()
  /** Databases of the present run: those that began again since the last session was opened. */
  #inRun: Set<string> = new Set()
  #hasSessions = false

  constructor({ socket, clock, control, backendsMax }: DatabasesOptions) {
    this.#socket = socket
    this.#clock = clock
    this.#control = control
    this.#backendsMax = backendsMax
  }

  /**
   * The answer to the schema's statements: an error is the user's to read. The greeting is what
   * a session of the database begins with.
   */
  async create(
    name: string,
    schema: string,
  ): Promise<{ readonly answer: readonly PgMessage[]; readonly greeting: Buffer }> {
    await done(this.#control, `create database ${name}_template`)
    const template = await this.#open(`${name}_template`)
    const greeting = Buffer.concat(
      template
        .take()
        .filter(({ type }) => type === 'R' || type === 'S')
        .map(({ whole }) => whole),
    )
    const answer = await template.ask(schema)
    if (answer.some(({ type }) => type === 'E')) {
      await template.end()
      await done(this.#control, `drop database ${name}_template`)
      return { answer, greeting }
    }
    await done(template, 'reset all')
    await done(template, KEEP_BEGINNING)
    await template.end()
    await this.#untilGone([template])
    this.#all.set(name, await this.#copy(name))
    return { answer, greeting }
  }

  /** Everything is as it was after the schema, and nobody has a session. */
  async beginAgain(name: string): Promise<KeptDatabase> {
    const database = this.#all.get(name)
    if (database === undefined) throw new ServerRefusal(`no database ${name}`)
    if (this.#hasSessions) this.#inRun = new Set()
    this.#hasSessions = false
    this.#inRun.add(name)
    const used = database.backends.filter((each) => each.used)
    const kept = await Promise.all(used.map((each) => freed(each)))
    const lost = used.filter((_, index) => kept[index] !== true)
    await this.terminate(database, lost)
    const beyond = rowsOf(await database.asking.ask(BEYOND_ROWS))
    if (beyond.length > 0) return this.#again(database)
    await done(database.asking, BEGIN_AGAIN)
    return database
  }

  async open(database: KeptDatabase): Promise<Backend> {
    this.#hasSessions = true
    await this.#makeRoom()
    const backend = await this.#open(database.name)
    backend.take()
    database.backends.push(backend)
    return backend
  }

  /** Ends these, whatever they are at. */
  async terminate(database: KeptDatabase, backends: readonly Backend[]): Promise<void> {
    await this.#terminate(backends)
    for (const each of backends) database.backends.splice(database.backends.indexOf(each), 1)
  }

  /** Backends of earlier scenarios go where they would take the last places of the server. */
  async #makeRoom(): Promise<void> {
    const all = [...this.#all.values()]
    if (all.reduce((sum, { backends }) => sum + backends.length + 1, 0) < this.#backendsMax) return
    for (const each of all) if (!this.#inRun.has(each.name)) await this.terminate(each, [...each.backends])
  }

  async #again({ name, asking, backends }: KeptDatabase): Promise<KeptDatabase> {
    await this.#terminate([asking, ...backends])
    await done(this.#control, `drop database ${name}`)
    const fresh = await this.#copy(name)
    this.#all.set(name, fresh)
    return fresh
  }

  async #copy(name: string): Promise<KeptDatabase> {
    await done(this.#control, `create database ${name} template ${name}_template`)
    const asking = await this.#open(name)
    asking.take()
    return { name, asking, backends: [] }
  }

  async #open(name: string): Promise<Backend> {
    const backend = await Backend.open(this.#socket, name, this.#clock)
    if (backend.ended) {
      const error = backend.take().find(({ type }) => type === 'E')
      const why = error === undefined ? '' : `: ${fieldOf(error.body, 'M')}`
      throw new ServerRefusal(`the server lets nobody into ${name}${why}`)
    }
    backend.state = 'idle'
    return backend
  }

  async #terminate(backends: readonly Backend[]): Promise<void> {
    for (const each of backends) {
      each.signal('SIGCONT')
      each.signal('SIGTERM')
    }
    for (const each of backends) while (!each.ended) await each.change()
    await this.#untilGone(backends)
  }

  /** Its connection is closed before a backend has given back all that it holds. */
  async #untilGone(backends: readonly Backend[]): Promise<void> {
    const pids = backends.map(({ pid }) => pid).join()
    for (;;) {
      const left = await this.#control.ask(
        `select pid from pg_stat_get_activity(null) where pid = any('{${pids}}'::int[])`,
      )
      if (rowsOf(left).length === 0) return
    }
  }
}

/** Ends its session, so that it is like a new one; false: it can't. */
export async function freed(backend: Backend): Promise<boolean> {
  if (backend.ended || backend.state !== 'idle' || backend.copying || backend.inBatch) return false
  if (backend.status !== 'I') await backend.ask('rollback')
  await backend.ask('discard all')
  backend.session = null
  backend.used = false
  backend.listens = false
  backend.leaving = false
  backend.dropAlarm()
  return !backend.ended
}

async function done(backend: Backend, sql: string): Promise<void> {
  const error = (await backend.ask(sql)).find(({ type }) => type === 'E')
  if (error !== undefined) throw new ServerRefusal(`${fieldOf(error.body, 'M')} (${sql.trim().slice(0, 60)})`)
}
