import { HarnessError, UsageError } from '../../../core/errors.ts'
import { withWasmImports } from '../../../sim/ambient/wasm.ts'
import { fieldOf, messagesIn, queryMessage } from '../messages.ts'
import { Outer } from './clock.ts'
import { emptyFiles } from './empty-files.ts'
import { Image } from './image.ts'
import type { WasmModule } from './module.interface.ts'

/** The version whose internals are known. */
const VERSION = '0.5.17'
export const PGLITE_NAME = `PGlite ${VERSION}`

/** 2025-01-01T00:00:00Z: tables are made at the time at which runs begin. */
const BOOT_US = 1_735_689_600_000_000

/** Small and quick: with the defaults a restore takes 20 ms and more, and ten times the memory. */
const SETTINGS = [
  'shared_buffers=2MB',
  'wal_buffers=64kB',
  'transaction_buffers=16',
  'subtransaction_buffers=16',
  'multixact_member_buffers=16',
  'multixact_offset_buffers=16',
  'notify_buffers=16',
  'serializable_buffers=16',
  'commit_timestamp_buffers=16',
  'max_locks_per_transaction=20',
  'max_pred_locks_per_transaction=10',
  'max_wal_senders=0',
  'max_replication_slots=0',
  'autovacuum=off',
  'track_activities=off',
  'track_counts=off',
  'jit=off',
]

/**
 * Plans statements for each table of the schema, and does none: what the catalogs say of them is
 * then in the caches of each run, which would look it up again.
 */
const WARM = `do $$ declare t regclass; begin
  for t in select c.oid from pg_class c where c.relkind in ('r', 'p')
    and c.relnamespace not in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace) loop
    begin
      execute format('explain select count(*) from %s group by ctid order by 1', t);
      execute format('explain insert into %s default values on conflict do nothing returning *', t);
      execute format('explain delete from %s where ctid = ''(0,0)''', t);
    exception when others then null;
    end;
  end loop;
end $$`

interface Pglite {
  exec(sql: string): Promise<unknown>
  execProtocolRawSync(bytes: Uint8Array): Uint8Array
  dumpDataDir(compression: 'none'): Promise<Blob>
  close(): Promise<void>
  readonly Module: WasmModule
}

type StartOptions = Readonly<Record<string, unknown>>

interface PglitePackage {
  readonly PGlite: {
    readonly defaultStartParams: readonly string[]
    create(options: Readonly<Record<string, unknown>>): Promise<Pglite>
  }
}

/** A booted PGlite whose state, time and chance are in our hands. */
export interface PgliteDatabase {
  /** Backend messages of its own startup. */
  readonly greeting: Uint8Array
  exec(bytes: Uint8Array, nowUs: number): { readonly bytes: Uint8Array; readonly waitedUs: number }
  /** Everything is as it was after the schema; chance starts from `seed`. */
  restore(seed: number): void
}

/** All databases of this thread begin with the same. */
let files: Promise<Blob> | null = null

/**
 * Boots a database with this schema.
 * @throws UsageError where the package is missing or of another version, or the schema is wrong
 */
export async function bootDatabase(schema: string): Promise<PgliteDatabase> {
  const { PGlite } = await loadPackage()
  const outer = new Outer()
  outer.begin(BOOT_US)
  const options = startOf(PGlite)
  files ??= emptyFiles(VERSION, () => makeFiles(PGlite, options))
  const loadDataDir = await files.catch((error: unknown) => {
    files = null
    throw error
  })
  const extensions = await extensionsOf(schema)
  const pglite = await withWasmImports(
    (imports) => outer.replaceIn(imports),
    () => PGlite.create({ ...options, loadDataDir, extensions }),
  )
  const { Module: module } = pglite
  for (const name of ['random', 'urandom']) {
    module.FS.unlink(`/dev/${name}`)
    module.FS.createDevice('/dev', name, () => outer.byte())
  }
  // Its language is loaded before the image is made.
  await pglite.exec('do $$ begin end $$')
  await pglite.exec(schema).catch((error: unknown) => {
    const why = error instanceof Error ? error.message : String(error)
    throw new UsageError('bad-scenario', `the schema of postgres({ schema }) is refused: ${why}`)
  })
  await pglite.exec(WARM)
  const greeting = Buffer.concat(
    messagesIn(pglite.execProtocolRawSync(startup()))
      .filter(({ type }) => type === 'R' || type === 'S')
      .map(({ whole }) => whole),
  )
  const image = new Image(module)
  const database: PgliteDatabase = {
    greeting,
    exec(bytes, nowUs) {
      outer.begin(nowUs)
      // The answer may lie in the program's memory, which a restore overwrites.
      const answer = Uint8Array.from(pglite.execProtocolRawSync(bytes))
      return { bytes: answer, waitedUs: outer.waitedUs }
    },
    restore(seed) {
      image.restore()
      outer.seed(seed)
    },
  }
  verify(database)
  return database
}

function startOf({ defaultStartParams }: PglitePackage['PGlite']): StartOptions {
  return { startParams: [...defaultStartParams, ...SETTINGS.flatMap((each) => ['-c', each])] }
}

/** The files that initdb makes, at the time at which runs begin. */
function makeFiles(PGlite: PglitePackage['PGlite'], options: StartOptions): Promise<Blob> {
  const outer = new Outer()
  outer.begin(BOOT_US)
  return withWasmImports(
    (imports) => outer.replaceIn(imports),
    async () => {
      const made = await PGlite.create({ ...options, initDbStartParams: ['--wal-segsize=1'] })
      const files = await made.dumpDataDir('none')
      await made.close()
      return files
    },
  )
}

async function loadPackage(): Promise<PglitePackage> {
  let loaded: PglitePackage
  try {
    // Its types leave out what a copy of memory needs: `PglitePackage` names that.
    loaded = (await import('@electric-sql/pglite')) as unknown as PglitePackage
  } catch (error) {
    throw new UsageError(
      'missing-package',
      `postgres() needs the package @electric-sql/pglite; type: npm install --save-dev @electric-sql/pglite@${VERSION}`,
      { cause: error },
    )
  }
  return loaded
}

/** Names of extensions that the schema makes, and their files in PGlite's package. */
async function extensionsOf(schema: string): Promise<Record<string, unknown>> {
  const found: Record<string, unknown> = {}
  for (const [, name = ''] of schema.matchAll(
    /create\s+extension\s+(?:if\s+not\s+exists\s+)?"?([\w-]+)"?/gi,
  )) {
    const file = name.toLowerCase().replaceAll('-', '_')
    if (file === 'plpgsql') continue
    const contribution = `@electric-sql/pglite/contrib/${file}`
    const loaded = (await import(contribution).catch((error: unknown) => {
      throw new UsageError('bad-scenario', `PGlite has no extension '${name}': leave it out of the schema`, {
        cause: error,
      })
    })) as Record<string, unknown>
    found[file] = loaded[file]
  }
  return found
}

/** Tries the restore once: where PGlite's insides are others, nothing would be worth anything. */
function verify(database: PgliteDatabase): void {
  const ask = (sql: string): string => {
    const answers = messagesIn(database.exec(queryMessage(sql), BOOT_US).bytes)
    const error = answers.find(({ type }) => type === 'E')
    return error === undefined ? 'done' : fieldOf(error.body, 'C')
  }
  database.restore(1)
  const seen = [ask('create table onceover_tried (a int)'), ask('select a from onceover_tried')]
  database.restore(1)
  const gone = ask('select a from onceover_tried')
  database.restore(1)
  if (seen.join() === 'done,done' && gone === '42P01') return
  throw new HarnessError(`PGlite can't be restored (${seen.join()},${gone}); install ${PGLITE_NAME}`)
}

function startup(): Uint8Array {
  const text = Buffer.from('user\0postgres\0database\0postgres\0\0')
  const head = Buffer.alloc(8)
  head.writeInt32BE(text.length + head.length, 0)
  head.writeInt32BE(196_608, 4)
  return Buffer.concat([head, text])
}
