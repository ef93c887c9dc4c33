import { currentProcess } from './current.ts'

type AnyConstructor = new (...args: unknown[]) => object

/** The targets of simulated code's weak references live as long as those do. */
const held = new WeakMap<object, unknown>()

/**
 * When the garbage collector runs is chance: for simulated code it never takes anything that a
 * `WeakRef` points to, and never tells a `FinalizationRegistry`.
 */
export function patchCollection(): void {
  patchConstructor('WeakRef', (construct, args) => {
    const made = construct(args)
    held.set(made, args[0])
    return made
  })
  patchConstructor('FinalizationRegistry', (construct) => construct([() => {}]))
}

function patchConstructor(
  name: 'WeakRef' | 'FinalizationRegistry',
  make: (construct: (args: unknown[]) => object, args: unknown[]) => object,
): void {
  const Real = Reflect.get(globalThis, name) as AnyConstructor
  const Patched: unknown = new Proxy(Real, {
    construct(target, args: unknown[], newTarget) {
      const construct = (given: unknown[]): object => Reflect.construct(target, given, newTarget) as object
      return currentProcess() === undefined ? construct(args) : make(construct, args)
    },
  })
  Object.defineProperty(Real.prototype, 'constructor', {
    configurable: true,
    writable: true,
    value: Patched,
  })
  Object.defineProperty(globalThis, name, { configurable: true, writable: true, value: Patched })
}
