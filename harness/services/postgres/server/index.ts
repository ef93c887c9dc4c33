import { UsageError } from '../../../core/errors.ts'
import { jsonText } from '../../../core/json.ts'
import { type Binaries, findBinaries, serverUser, type UnixUser } from './binaries.ts'
import { Bridge } from './bridge.ts'
import { type ServerDatabase, ServerEngine } from './engine.ts'
import { startServer } from './start.ts'

/** A server that can be started here, or a sentence's end: why not, and what to type. */
export type FoundServer =
  | { readonly binaries: Binaries; readonly user: UnixUser | null }
  | { readonly why: string; readonly instead: string }

/** @param folder where `postgres` and `initdb` are; null: where they usually are */
export function findServer(folder: string | null): FoundServer {
  const binaries = findBinaries(folder ?? undefined)
  if (binaries === null) {
    const where = folder ?? '/usr/lib/postgresql/*/bin, Homebrew or PATH'
    return {
      why: `no PostgreSQL (postgres and initdb) is in ${where}`,
      instead: "type: apt-get install postgresql, or give its folder: postgres({ binaries: '…/bin' })",
    }
  }
  const user = serverUser()
  if (user !== 'missing') return { binaries, user }
  return {
    why: 'PostgreSQL does not run as root, and there is no user postgres',
    instead: 'type: useradd --system postgres, or run this as another user',
  }
}

/** An engine, and what a reader of the verdict needs to know of it. */
export interface OpenedServer {
  readonly engine: ServerEngine
  /** Why it has the machine's time, as the end of a sentence; null: it has the run's. */
  readonly lacks: string | null
}

interface RunningServer {
  readonly bridge: Bridge
  readonly lacks: string | null
  /** By services and schemas: scenarios with the same ones can have the same database. */
  readonly engines: Map<string, ServerEngine>
}

/** This thread's servers, by folders; runs are never side by side, so that one is enough. */
const running: Map<string, Promise<RunningServer>> = new Map()

/** @throws UsageError where there is no server, or the schema is refused */
export async function openServer(folder: string | null, database: ServerDatabase): Promise<OpenedServer> {
  const found = findServer(folder)
  if ('why' in found) throw new UsageError('missing-package', `${found.why}; ${found.instead}`)
  const { binaries, user } = found
  const { bridge, lacks, engines } = await serverOf(binaries, user)
  const key = jsonText(database)
  const engine = engines.get(key) ?? ServerEngine.create(`PostgreSQL ${binaries.version}`, bridge, database)
  engines.set(key, engine)
  return { engine, lacks }
}

/** The one that runs, or a new one where there is none or it has failed. */
async function serverOf(binaries: Binaries, user: UnixUser | null): Promise<RunningServer> {
  const known = running.get(binaries.folder)
  if (known !== undefined && (await known).bridge.broken === null) return known
  const server = start(binaries, user)
  running.set(binaries.folder, server)
  server.catch(() => running.delete(binaries.folder))
  return server
}

async function start(binaries: Binaries, user: UnixUser | null): Promise<RunningServer> {
  const started = await startServer(binaries, user)
  return { bridge: await Bridge.open(started), lacks: started.whyNoClock, engines: new Map() }
}
