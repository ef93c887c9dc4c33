import type { PostgresEngine } from '../engine.interface.ts'
import { openEngine } from '../engines.ts'
import { findServer } from '../server/index.ts'

/** `npm run postgres`: without a server its tests fail, and are not skipped. */
const DEMANDED = process.env['ONCEOVER_POSTGRES'] === 'demanded'
const found = findServer(null)

/** Why tests on a server are skipped, as a part of their name; null: they run. */
export const SERVER_MISSING: string | null =
  'why' in found && !DEMANDED ? `skipped: ${found.why}; ${found.instead}` : null

/** `15`: differences are recorded of Debian 12's. */
export const SERVER_MAJOR: string = 'why' in found ? '' : (found.binaries.version.split('.')[0] ?? '')

export interface TestedEngine {
  readonly engine: 'pglite' | 'server'
  /** Null: it runs. */
  readonly missing: string | null
  open(schema: string): Promise<PostgresEngine>
}

const open = async (engine: 'pglite' | 'server', schema: string): Promise<PostgresEngine> =>
  (await openEngine(engine, { binaries: null, service: 'db', schema })).engine

export const ENGINES: readonly TestedEngine[] = [
  { engine: 'pglite', missing: null, open: (schema) => open('pglite', schema) },
  { engine: 'server', missing: SERVER_MISSING, open: (schema) => open('server', schema) },
]

/** Of a describe: `on a server (skipped: …)`. */
export function titleOf({ engine, missing }: TestedEngine): string {
  const name = engine === 'pglite' ? 'PGlite' : 'a server'
  return missing === null ? `on ${name}` : `on ${name} (${missing})`
}
