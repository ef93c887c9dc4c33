import type { DatabaseSync } from 'node:sqlite'
import { incarnationName } from '../../core/names.ts'
import type { Proc } from '../process.ts'
import { currentProcess } from './current.ts'
import { type AnyFunction, functionOf, isFunction, refusal, refusePromise, within } from './patch.ts'
import {
  askedOfMachine,
  defineFunctions,
  type Evaluate,
  evaluator,
  opensFile,
  type SqlHost,
} from './sqlite-functions.ts'

type DatabaseConstructor = new (...args: unknown[]) => DatabaseSync
type Driver = new (...args: unknown[]) => object

/**
 * Packages whose native code opens the SQLite file that their class is given, and whether the
 * functions of their SQL can be replaced.
 */
const DRIVERS: ReadonlyMap<string, { readonly replaces: boolean }> = new Map([
  ['better-sqlite3', { replaces: true }],
  ['libsql', { replaces: false }],
])

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
  ownFunctions = evaluator(() => new Real(':memory:'))
  const known = new WeakSet<object>()
  const close = functionOf(Real.prototype, 'close')
  const Patched: DatabaseConstructor = new Proxy(Real, {
    construct(target, [file, ...rest]: [unknown, ...unknown[]], newTarget) {
      const process = currentProcess()
      const given = process === undefined ? file : placeFor(process, file)
      const made: DatabaseSync = Reflect.construct(
        target,
        [given, ...rest],
        newTarget === Patched ? Real : newTarget,
      )
      if (process === undefined) return made
      known.add(made)
      atEnd(process, [() => close.call(made)])
      if (made.isOpen) replaceFunctions(made, process)
      return made
    },
  })
  sqlite.DatabaseSync = Patched
  within(Real.prototype, 'open', (process, args, real, self) => {
    real.apply(self, args)
    if (self instanceof Real) replaceFunctions(self, process)
  })
  for (const name of ['exec', 'prepare'])
    within(Real.prototype, name, (process, args, real, self) => {
      if (!known.has(self as object))
        throw refusal(process, 'uses a database of node:sqlite from before the simulation', INSTEAD)
      demandNoOtherFile(process, args[0])
      return real.apply(self, args)
    })
  within(Real.prototype, 'function', (_process, args, real, self) =>
    real.apply(
      self,
      args.map((each) => (isFunction(each) ? counted(each) : each)),
    ),
  )
  refusePromise(sqlite, 'backup', 'backup of node:sqlite', INSTEAD)
}

/** How many functions of apps SQL is calling at the moment. */
let calling = 0

/** SQLite takes the number of its parameters from the function. */
function counted(called: AnyFunction): AnyFunction {
  const counting: AnyFunction = function (this: unknown, ...args) {
    calling += 1
    try {
      return called.apply(this, args)
    } finally {
      calling -= 1
    }
  }
  return Object.defineProperty(counting, 'length', { value: called.length })
}

/** SQLite's own, from before they are replaced; undefined where this Node has no SQLite. */
let ownFunctions: Evaluate | undefined

function replaceFunctions(host: SqlHost, made: Proc): void {
  if (ownFunctions !== undefined) defineFunctions(host, () => currentProcess() ?? made, ownFunctions)
}

/**
 * Node takes addresses, too: `file:orders.db?mode=ro`. One in memory is of its own incarnation,
 * whatever others call theirs.
 */
function placeFor(process: Proc, file: unknown): unknown {
  const text = file instanceof URL ? file.href : file
  if (text === '' || text === ':memory:') return text
  const [address, name = '', query = ''] =
    /^file:(?:\/\/(?:localhost)?(?=\/))?([^?#]*)\??([^#]*)/.exec(String(text)) ?? []
  if (address === undefined) return process.files.write(file)
  const options = new URLSearchParams(query)
  const inMemory = name === ':memory:' || options.get('mode') === 'memory'
  if (inMemory) options.set('mode', 'memory')
  const place = inMemory
    ? `${incarnationName({ process: process.name, incarnation: process.incarnation })} ${name}`
    : String(process.files.write(decodeURIComponent(name)))
  return `file:${encodeURIComponent(place)}?${options}`
}

function demandNoOtherFile(process: Proc, sql: unknown): void {
  const opens = opensFile(String(sql))
  if (opens !== null) throw refusal(process, `opens another file by SQL (${opens})`, INSTEAD)
}

/**
 * A process that is gone holds no lock: SQLite rolls back its transaction, as it does from the
 * journal that a killed one leaves behind. The steps are the class's own: one that the app has made
 * of it is killed, too. Node crashes where a database is closed in a function that its SQL calls:
 * it is closed once that has ended.
 */
function atEnd(process: Proc, steps: readonly (() => unknown)[]): void {
  const end = (): void => {
    for (const step of steps) {
      try {
        step()
      } catch {
        // The app has closed it.
      }
    }
  }
  process.onEnd.add(() => (calling > 0 ? void Promise.resolve().then(end) : end()))
}

/** The exports of a package: a driver of SQLite opens its files in the overlay of its process. */
export function overlaid(packageName: string | null, exports: unknown): unknown {
  const driver = DRIVERS.get(packageName ?? '')
  if (driver === undefined || !isDatabaseClass(exports)) return exports
  const open = (target: Driver, [file, ...rest]: unknown[], newTarget: NewableFunction = target): object => {
    const made = Reflect.construct(target, [inOverlay(file), ...rest], newTarget) as object
    const process = currentProcess()
    if (process === undefined) return made
    const iterators = controlSql(made, process, driver)
    const prototype: object = target.prototype
    const own = (name: string, ...given: unknown[]): unknown => functionOf(prototype, name).apply(made, given)
    atEnd(process, [
      // better-sqlite3 closes none that is at work, and libsql leaves a transaction open.
      () => [...iterators].map((each) => 'return' in each && functionOf(each, 'return').call(each)),
      () => Reflect.get(made, 'inTransaction') === true && own('exec', 'rollback'),
      () => own('close'),
    ])
    return made
  }
  return new Proxy(exports, {
    construct: (target, args, newTarget) => open(target, args, newTarget),
    apply: (target, _self, args) => open(target, args),
  })
}

/** A package has other functions among its files: its methods, its errors. */
function isDatabaseClass(exports: unknown): exports is Driver {
  if (typeof exports !== 'function') return false
  const { prototype } = exports as { readonly prototype?: object }
  return prototype !== undefined && 'prepare' in prototype
}

/**
 * Statements of a driver's database that ask the machine for its time or for chance get the
 * process's own, or are outside.
 * @returns iterators over what the statements found, as long as they are not at their end
 */
function controlSql(
  database: object,
  process: Proc,
  { replaces }: { readonly replaces: boolean },
): ReadonlySet<object> {
  const iterators = new Set<object>()
  if (replaces && isHost(database)) replaceFunctions(database, process)
  refuseBackup(database, process)
  for (const name of ['exec', 'prepare']) {
    if (!(name in database)) continue
    const real = functionOf(database, name)
    Reflect.set(database, name, (...args: unknown[]) => {
      const asks = replaces ? null : askedOfMachine(String(args[0]))
      if (asks !== null)
        throw refusal(process, `asks SQLite for ${asks}`, 'give the value as a parameter of the statement')
      demandNoOtherFile(process, args[0])
      const made = real.apply(database, args)
      if (name === 'prepare') noteIterators(made, iterators)
      return made
    })
  }
  return iterators
}

function noteIterators(statement: unknown, open: Set<object>): void {
  if (typeof statement !== 'object' || statement === null || !('iterate' in statement)) return
  const iterate = functionOf(statement, 'iterate')
  Reflect.set(statement, 'iterate', (...args: unknown[]) => {
    const iterator = iterate.apply(statement, args)
    if (typeof iterator !== 'object' || iterator === null) return iterator
    open.add(iterator)
    for (const name of ['next', 'return']) {
      if (!(name in iterator)) continue
      const real = functionOf(iterator, name)
      Reflect.set(iterator, name, (...given: unknown[]) => {
        const step = real.apply(iterator, given)
        if (typeof step === 'object' && step !== null && 'done' in step && step.done === true)
          open.delete(iterator)
        return step
      })
    }
    return iterator
  })
}

/** A copy would be written by native code, to a file that outlives the run. */
function refuseBackup(database: object, process: Proc): void {
  if ('backup' in database)
    Reflect.set(database, 'backup', () => {
      throw refusal(process, 'calls backup of a database', INSTEAD)
    })
}

function isHost(database: object): database is SqlHost {
  return 'function' in database && typeof database.function === 'function'
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
