import type { DatabaseSync } from 'node:sqlite'
import { currentProcess } from './current.ts'
import { refusal, within } from './patch.ts'

type Construct = new (...args: unknown[]) => DatabaseSync

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
  const Patched: Construct = new Proxy(Real, {
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
      if (known.has(self as object)) return real.apply(self, args as unknown[])
      throw refusal(process, 'uses a database of node:sqlite from before the simulation', INSTEAD)
    })
}

/** Undefined where this Node has no SQLite. Node warns when it is loaded, by any code. */
function loaded(): { DatabaseSync: Construct } | undefined {
  const { emitWarning } = process
  process.emitWarning = () => {}
  try {
    return process.getBuiltinModule('node:sqlite') as unknown as { DatabaseSync: Construct } | undefined
  } finally {
    process.emitWarning = emitWarning
  }
}
