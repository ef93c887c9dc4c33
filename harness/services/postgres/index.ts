import { readFileSync } from 'node:fs'
import path from 'node:path'
import { HarnessError, UsageError } from '../../core/errors.ts'
import type { Service } from '../../core/service.ts'
import { PostgresHost } from './host.ts'
import { bootDatabase, PGLITE_NAME, type PgliteDatabase } from './pglite/boot.ts'
import { PgliteEngine } from './pglite/engine.ts'
import { createWireReader } from './wire-reader.ts'

export interface PostgresOptions {
  /**
   * SQL files, in order, from the scenario's folder: the state in which every schedule begins, with
   * seed rows and extensions. Without it the database is empty: the app makes its tables itself.
   */
  readonly schema?: string | readonly string[]
}

const REMARK = `${PGLITE_NAME} (PostgreSQL 18), which has one session: no two transactions are ever open at a time, so races between them and locks are not shown`

/**
 * A PostgreSQL for a scenario's `services`: the app's own driver, e.g. pg, connects to it,
 * unmodified, as any user, to any database. It is PGlite, in the process, with virtual time and the
 * run's chance, and begins each schedule exactly as after its schema.
 * @throws UsageError `bad-scenario` for options that it doesn't know
 */
export function postgres(options: PostgresOptions = {}): Service {
  const { schema = [], ...unknown } = options
  const [wrong] = Object.keys(unknown)
  if (wrong !== undefined)
    throw new UsageError(
      'bad-scenario',
      `postgres() has no option '${wrong}'; write postgres({ schema: './schema.sql' })`,
    )
  const files = typeof schema === 'string' ? [schema] : schema
  let engine: PgliteEngine | null = null
  let host: PostgresHost | null = null
  return {
    port: 5432,
    errors: ['40001', '40P01', '57P01'],
    async prepare({ name, folder }) {
      engine ??= new PgliteEngine(await databaseOf(name, sqlOf(name, folder, files)))
      return { remarks: [`${name} is ${REMARK}`] }
    },
    reset(run) {
      if (engine === null) throw new HarnessError('a database that was not prepared')
      host = new PostgresHost(engine, run)
    },
    accept: (connection) => host?.accept(connection),
    reader: createWireReader,
    ask: (query) => engine?.ask(query) ?? null,
  }
}

/** Runs are never side by side: scenarios with the same schema can have the same database. */
const databases: Map<string, Promise<PgliteDatabase>> = new Map()

function databaseOf(name: string, schema: string): Promise<PgliteDatabase> {
  const key = `${name}\0${schema}`
  const known = databases.get(key)
  if (known !== undefined) return known
  const booted = bootDatabase(schema)
  databases.set(key, booted)
  booted.catch(() => databases.delete(key))
  return booted
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
