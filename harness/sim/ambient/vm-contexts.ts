import vm, { type Context } from 'node:vm'
import { patchDate } from './clock.ts'
import { currentProcess } from './current.ts'
import { patchLocale, type Realm } from './locale.ts'
import { functionOf, within } from './patch.ts'

const prepared = new WeakSet<object>()

const whole = new vm.Script('globalThis', { filename: 'onceover:vm-context' })
const { runInContext } = vm.Script.prototype
const { isContext } = vm

/** A context that simulated code makes, or runs something in, has its clock, chance and locale. */
export function patchVmContexts(): void {
  within(vm, 'createContext', (_process, args, real) => prepare(real.apply(vm, args)))
  within(vm.Script.prototype, 'runInContext', (_process, [context, ...rest], real, self) =>
    real.call(self, prepare(context), ...rest),
  )
  within(vm, 'runInNewContext', (_process, [code, object, options]) =>
    vm.runInContext(String(code), newContext(object, options), options as string),
  )
  within(vm.Script.prototype, 'runInNewContext', (_process, [object, options], _real, self) =>
    (self as vm.Script).runInContext(newContext(object, options), options as vm.RunningScriptOptions),
  )
}

interface ContextOptions {
  readonly contextName?: string
  readonly contextOrigin?: string
  readonly contextCodeGeneration?: object
  readonly microtaskMode?: string
}

function newContext(object: unknown, options: unknown): Context {
  const { contextName, contextOrigin, contextCodeGeneration, microtaskMode } =
    typeof options === 'object' && options !== null ? (options as ContextOptions) : {}
  const how = {
    ...(contextName !== undefined && { name: contextName }),
    ...(contextOrigin !== undefined && { origin: contextOrigin }),
    ...(contextCodeGeneration !== undefined && { codeGeneration: contextCodeGeneration }),
    ...(microtaskMode !== undefined && { microtaskMode }),
  }
  return functionOf(vm, 'createContext')(object ?? {}, how) as Context
}

function prepare(context: unknown): unknown {
  const isOne = typeof context === 'object' && context !== null && isContext(context)
  if (!isOne || prepared.has(context) || currentProcess() === undefined) return context
  prepared.add(context)
  const realm = runInContext.call(whole, context) as Realm
  patchDate(realm)
  patchLocale(realm)
  within(realm.Math, 'random', () => Math.random())
  return context
}
