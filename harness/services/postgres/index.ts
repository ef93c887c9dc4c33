import { readFileSync } from 'node:fs'
import path from 'node:path'
import { didYouMean } from '../../core/did-you-mean.ts'
import { HarnessError, UsageError } from '../../core/errors.ts'
import type { Service } from '../../core/service.ts'
import { type OpenedEngine, openEngine } from './engines.ts'
import { PostgresHost } from './host.ts'
import { createWireReader } from './wire-reader.ts'

export interface PostgresOptions {
  /**
   * SQL files, in order, from the scenario's folder: the state in which every schedule begins, with
   * seed rows and extensions. Without it the database is empty: the app makes its tables itself.
   */
  readonly schema?: string | readonly string[]
  /**
   * The database behind the protocol; default `pglite`.
   * - `pglite`: PGlite, in this process; one session, so that transactions run one at a time.
   * - `server`: a PostgreSQL that is installed here, started for this check: locks, serialization
   *   failures, deadlocks and `SKIP LOCKED` are real.
   * - `auto`: a server where one can be started, else PGlite; the report says which and why.
   */
  readonly engine?: 'pglite' | 'server' | 'auto'
  /**
   * Folder with `postgres` and `initdb`, from the scenario's folder; default: the newest one where
   * Debian, Red Hat, Homebrew or PATH have them.
   */
  readonly binaries?: string
}

const OPTIONS = ['schema', 'engine', 'binaries']
const ENGINES = ['pglite', 'server', 'auto']

/**
 * A PostgreSQL for a scenario's `services`: the app's own driver, e.g. pg, connects to it,
 * unmodified, as any user, to any database. It has virtual time and the run's chance, and begins
 * each schedule exactly as after its schema.
 * @throws UsageError `bad-scenario` for options that it doesn't know
 */
export function postgres(options: PostgresOptions = {}): Service {
  demandKnown(options)
  const { schema = [], engine: wanted = 'pglite', binaries = null } = options
  const files = typeof schema === 'string' ? [schema] : schema
  let opened: OpenedEngine | null = null
  let host: PostgresHost | null = null
  return {
    port: 5432,
    errors: ['40001', '40P01', '57P01'],
    async prepare({ name, folder }) {
      opened ??= await openEngine(wanted, {
        binaries: binaries === null ? null : path.resolve(folder, binaries),
        service: name,
        schema: sqlOf(name, folder, files),
      })
      return { remarks: [`${name} is ${opened.remark}`], version: opened.engine.name }
    },
    release() {
      opened = null
      host = null
    },
    reset(run) {
      if (opened === null) throw new HarnessError('a database that was not prepared')
      host = new PostgresHost(opened.engine, run)
    },
    accept: (connection) => host?.accept(connection),
    reader: createWireReader,
    ask: (query) => opened?.engine.ask(query) ?? null,
  }
}

function demandKnown({ engine = 'pglite', ...options }: PostgresOptions): void {
  const wrong = Object.keys(options).find((name) => !OPTIONS.includes(name))
  if (wrong !== undefined)
    throw new UsageError(
      'bad-scenario',
      `postgres() has no option '${wrong}'; ${didYouMean(wrong, OPTIONS) ?? "write postgres({ schema: './schema.sql' })"}`,
    )
  if (!ENGINES.includes(engine))
    throw new UsageError(
      'bad-scenario',
      `postgres({ engine }) is '${String(engine)}'; write 'pglite', 'server' or 'auto'`,
    )
  if (options.binaries !== undefined && engine === 'pglite')
    throw new UsageError(
      'bad-scenario',
      "postgres({ binaries }) is for a server, and the engine is pglite; add engine: 'server'",
    )
}

function sqlOf(name: string, folder: string, files: readonly string[]): string {
  const texts = files.map((file) => {
    try {
      return readFileSync(path.resolve(folder, file), 'utf8')
    } catch (error) {
      throw new UsageError(
        'missing-file',
        `the schema ${file} of '${name}' can't be read; write a path from the scenario's folder`,
        { cause: error },
      )
    }
  })
  return texts.join('\n')
}
