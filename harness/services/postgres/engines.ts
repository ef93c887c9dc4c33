import { UsageError } from '../../core/errors.ts'
import { jsonText } from '../../core/json.ts'
import type { PostgresEngine } from './engine.interface.ts'
import { bootDatabase, PGLITE_NAME } from './pglite/boot.ts'
import { PgliteEngine } from './pglite/engine.ts'
import { type FoundServer, findServer, openServer } from './server/index.ts'

export interface EngineOptions {
  /** Folder of a server's programs; null: where they usually are. */
  readonly binaries: string | null
  /** Name of the service in the scenario: two services have two databases. */
  readonly service: string
  readonly schema: string
}

export interface OpenedEngine {
  readonly engine: PostgresEngine
  /** For a reader of the verdict: `PGlite 0.5.17 (PostgreSQL 18), which …`. */
  readonly remark: string
}

const ONE_SESSION =
  'which has one session: no two transactions are ever open at a time, so races between them and locks are not shown'

/** A database in the process takes some hundred megabytes: these stay for a next check. */
const EMBEDDED_KEPT = 2

/** Runs are never side by side: scenarios with the same schema can have the same database. */
const embedded: Map<string, Promise<PgliteEngine>> = new Map()

/**
 * The engine that is wanted, ready for this schema; one for each service and schema of a thread.
 * @throws UsageError where there is none, or the schema is refused
 */
export async function openEngine(
  wanted: 'pglite' | 'server' | 'auto',
  options: EngineOptions,
): Promise<OpenedEngine> {
  if (wanted === 'server') return openedServer(options, '')
  if (wanted === 'pglite') return openedPglite(options, '')
  const found = findServer(options.binaries)
  if (!('why' in found)) return openedServer(options, " (engine 'auto': a server is installed)")
  return openedPglite(options, ` (engine 'auto': ${found.why})`).catch((error: unknown) => {
    throw withServer(error, found)
  })
}

async function openedServer(options: EngineOptions, why: string): Promise<OpenedEngine> {
  const { binaries, ...database } = options
  const { engine, lacks } = await openServer(binaries, database)
  const without =
    lacks === null
      ? ''
      : `; now(), random values, timeouts and the choice among sessions that are woken together are the machine's, since ${lacks}`
  return { engine, remark: `${engine.name}, a server of this check's own${why}${without}` }
}

async function openedPglite(options: EngineOptions, why: string): Promise<OpenedEngine> {
  const engine = await embeddedFor(options)
  for (const oldest of embedded.keys()) {
    if (embedded.size <= EMBEDDED_KEPT) break
    embedded.delete(oldest)
  }
  return { engine, remark: `${PGLITE_NAME} (PostgreSQL 18)${why}, ${ONE_SESSION}` }
}

function embeddedFor({ service, schema }: EngineOptions): Promise<PgliteEngine> {
  const key = jsonText([service, schema])
  const known = embedded.get(key)
  if (known !== undefined) return known
  const booted = bootDatabase(schema).then((database) => new PgliteEngine(database))
  embedded.set(key, booted)
  booted.catch(() => embedded.delete(key))
  return booted
}

/** Neither is there: each says what to type. */
function withServer(error: unknown, found: FoundServer): unknown {
  if (!(error instanceof UsageError) || error.code !== 'missing-package' || !('instead' in found))
    return error
  return new UsageError('missing-package', `${error.message}; or for a server ${found.instead}`)
}
