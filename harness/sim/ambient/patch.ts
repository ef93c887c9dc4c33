import { leave } from '../outside.ts'
import { PROCESS_EXIT, type Proc } from '../process.ts'
import { currentProcess } from './current.ts'

export type AnyFunction = (this: unknown, ...args: unknown[]) => unknown
type Key = string | symbol

export function isFunction(value: unknown): value is AnyFunction {
  return typeof value === 'function'
}

/** A function of Node by its name, whatever its overloads. @throws TypeError where there is none */
export function functionOf(target: object, key: Key): AnyFunction {
  const found: unknown = Reflect.get(target, key)
  if (!isFunction(found)) throw new TypeError(`${String(key)} is not a function`)
  return found
}

/**
 * Puts another function in the place of `target[key]`. Everything else about it stays: its name,
 * its properties (Node keeps the promisified twin in one), whether it is enumerable.
 */
export function replace(target: object, key: Key, make: (real: AnyFunction) => AnyFunction): void {
  const real: unknown = Reflect.get(target, key)
  if (!isFunction(real)) return
  const patched = make(real)
  for (const name of Reflect.ownKeys(real)) {
    if (name === 'prototype') continue
    const property = Object.getOwnPropertyDescriptor(real, name)
    if (property !== undefined) Object.defineProperty(patched, name, { ...property, configurable: true })
  }
  const { enumerable = false } = Object.getOwnPropertyDescriptor(target, key) ?? {}
  Object.defineProperty(target, key, { configurable: true, writable: true, enumerable, value: patched })
}

/**
 * Inside a simulated process `simulated` answers for `target[key]`; everywhere else it is Node's
 * own.
 */
export function within(
  target: object,
  key: Key,
  simulated: (process: Proc, args: unknown[], real: AnyFunction, self: unknown) => unknown,
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

/**
 * Replaces a property that is read inside a simulated process; outside it stays Node's own, which
 * `real` gives where even to look at the property would load it.
 */
export function withinGetter(
  target: object,
  key: Key,
  simulated: (process: Proc) => unknown,
  real?: () => unknown,
): void {
  const property =
    real === undefined
      ? Object.getOwnPropertyDescriptor(target, key)
      : { get: real, value: undefined, enumerable: false }
  // Node loads some properties when they are looked at, and to define one looks at it.
  if (real !== undefined) Reflect.deleteProperty(target, key)
  const outside =
    property?.get === undefined ? (): unknown => property?.value : (): unknown => property.get?.call(target)
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

/** Ends the run because of a call that a simulation cannot serve; the code gets this error. */
export function refusal(process: Proc, does: string, instead: string): unknown {
  return process.alive ? leave(process, does, instead) : PROCESS_EXIT
}

/** How a call is told, from its arguments: `spawn('convert')`. */
export type Details = (args: readonly unknown[]) => string

export function refuse(target: object, key: Key, what: string, instead: string, details?: Details): void {
  within(target, key, (process, args) => {
    throw refusal(process, callOf(what, args, details), instead)
  })
}

/** Refuses a function whose errors come by its promise, inside a simulated process. */
export function refusePromise(
  target: object,
  key: Key,
  what: string,
  instead: string,
  details?: Details,
): void {
  within(target, key, (process, args) =>
    Promise.reject(refusal(process, callOf(what, args, details), instead)),
  )
}

function callOf(what: string, args: readonly unknown[], details?: Details): string {
  const given = details?.(args) ?? ''
  return given === '' ? `calls ${what}` : `calls ${what} for ${given}`
}
