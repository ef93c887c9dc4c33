import { UsageError } from '../../core/errors.ts'
import { PROCESS_EXIT, type Proc } from '../process.ts'
import { currentProcess } from './current.ts'

export type AnyFunction = (this: unknown, ...args: unknown[]) => unknown
type Key = string | symbol

/**
 * Puts another function in the place of `target[key]`. Everything else about it stays: its name, its properties (Node
 * keeps the promisified twin in one), whether it is enumerable.
 */
export function replace(target: object, key: Key, make: (real: AnyFunction) => AnyFunction): void {
  const real = Reflect.get(target, key) as unknown
  if (typeof real !== 'function') return
  const patched = make(real as AnyFunction)
  for (const name of Reflect.ownKeys(real)) {
    if (name === 'prototype') continue
    const property = Object.getOwnPropertyDescriptor(real, name)
    if (property !== undefined) Object.defineProperty(patched, name, { ...property, configurable: true })
  }
  const { enumerable = false } = Object.getOwnPropertyDescriptor(target, key) ?? {}
  Object.defineProperty(target, key, { configurable: true, writable: true, enumerable, value: patched })
}

/** Inside a simulated process `simulated` answers for `target[key]`; everywhere else it is Node's own. */
export function within(
  target: object,
  key: Key,
  simulated: (process: Proc, args: readonly unknown[], real: AnyFunction, self: unknown) => unknown,
): void {
  replace(
    target,
    key,
    (real) =>
      function (this: unknown, ...args) {
        const process = currentProcess()
        return process === undefined ? real.apply(this, args) : simulated(process, args, real, this)
      },
  )
}

/** The same for a property that is read, not called. */
export function withinGetter(target: object, key: Key, simulated: (process: Proc) => unknown): void {
  const property = Object.getOwnPropertyDescriptor(target, key)
  const outside =
    property?.get === undefined
      ? () => property?.value as unknown
      : () => property.get?.call(target) as unknown
  Object.defineProperty(target, key, {
    configurable: true,
    enumerable: property?.enumerable ?? true,
    get() {
      const process = currentProcess()
      return process === undefined ? outside() : simulated(process)
    },
    set(value: unknown) {
      Object.defineProperty(target, key, { configurable: true, enumerable: true, writable: true, value })
    },
  })
}

/** What a simulation can't give, by its name and with what to do instead. */
export function refusal(process: Proc, what: string, instead: string): unknown {
  if (!process.alive) return PROCESS_EXIT
  const error = new UsageError(
    'unsupported-in-simulation',
    `${what} was called in ${process.name}, and a simulation can't give that: ${instead}`,
  )
  process.host.onRefused?.(process, error)
  return error
}

export function refuse(target: object, key: Key, what: string, instead: string): void {
  within(target, key, (process) => {
    throw refusal(process, what, instead)
  })
}

/** The same for a function that tells of errors by its promise. */
export function refusePromise(target: object, key: Key, what: string, instead: string): void {
  within(target, key, (process) => Promise.reject(refusal(process, what, instead)))
}
