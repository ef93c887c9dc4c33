import type { DatabaseSync } from 'node:sqlite'
import { currentProcess } from './current.ts'
import { refusal, within } from './patch.ts'

type DatabaseConstructor = new (...args: unknown[]) => DatabaseSync
type Driver = new (...args: unknown[]) => object

/** Packages whose native code opens the SQLite file that their class is given. */
const DRIVERS: ReadonlySet<string> = new Set(['better-sqlite3', 'libsql'])

const INSTEAD = "what it writes would outlive the run; open it in the app's own module, when the app runs"

/**
 * The native code of `node:sqlite` opens files by itself: it gets the path in the process's
 * overlay. Node does not renew what an ES module has imported from it: a class from before, and a
 * database from before, are outside.
 */
export function patchSqlite(): void {
  const sqlite = loaded()
  if (sqlite === undefined) return
  const Real = sqlite.DatabaseSync
  const known = new WeakSet<object>()
  const Patched: DatabaseConstructor = new Proxy(Real, {
    construct(target, [file, ...rest]: [unknown, ...unknown[]], newTarget) {
      const process = currentProcess()
      const given = process === undefined || file === ':memory:' ? file : process.files.write(file)
      const made: DatabaseSync = Reflect.construct(
        target,
        [given, ...rest],
        newTarget === Patched ? Real : newTarget,
      )
      if (process !== undefined) known.add(made)
      return made
    },
  })
  sqlite.DatabaseSync = Patched
  for (const name of ['exec', 'prepare'])
    within(Real.prototype, name, (process, args, real, self) => {
      if (known.has(self as object)) return real.apply(self, args)
      throw refusal(process, 'uses a database of node:sqlite from before the simulation', INSTEAD)
    })
}

/** The exports of a package: a driver of SQLite opens its files in the overlay of its process. */
export function overlaid(packageName: string | null, exports: unknown): unknown {
  if (packageName === null || !DRIVERS.has(packageName) || typeof exports !== 'function') return exports
  return new Proxy(exports as Driver, {
    construct: (target, [file, ...rest], newTarget) =>
      Reflect.construct(target, [inOverlay(file), ...rest], newTarget) as object,
    apply: (target, _self, [file, ...rest]) =>
      Reflect.construct(target, [inOverlay(file), ...rest]) as object,
  })
}

/** The path in the overlay; `:memory:` and addresses stay as they are. */
function inOverlay(file: unknown): unknown {
  const process = currentProcess()
  const isFile = typeof file === 'string' && file !== '' && !/^:memory:$|^\w+:\/\//.test(file)
  return process === undefined || !isFile ? file : process.files.write(file)
}

/** Undefined where this Node has no SQLite. Node warns when it is loaded, by any code. */
function loaded(): { DatabaseSync: DatabaseConstructor } | undefined {
  const { emitWarning } = process
  process.emitWarning = () => {}
  try {
    const found: object | undefined = process.getBuiltinModule('node:sqlite')
    return hasDatabase(found) ? found : undefined
  } finally {
    process.emitWarning = emitWarning
  }
}

function hasDatabase(module: object | undefined): module is { DatabaseSync: DatabaseConstructor } {
  return module !== undefined && 'DatabaseSync' in module && typeof module.DatabaseSync === 'function'
}
