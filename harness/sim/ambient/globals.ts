import { getCallSites } from 'node:util'
import type { Proc } from '../process.ts'
import { currentProcess } from './current.ts'
import { replace } from './patch.ts'

type Globals = Map<PropertyKey, unknown>

/** From our own function to the module that called it. */
const FRAMES = 6

/** Node's own, as they are when a process starts: code can delete them. */
const nodes: Map<PropertyKey, PropertyDescriptor> = new Map()

const OF_PROCESS = Symbol('globals of a process')

/**
 * Global variables that code makes, as packages do to be there once in a process: each incarnation
 * has its own. They are seen as inherited, which leaves the globals that are there as fast as they
 * were.
 */
export function patchGlobals(): void {
  for (const key of Reflect.ownKeys(globalThis)) {
    const descriptor = Object.getOwnPropertyDescriptor(globalThis, key)
    if (descriptor?.configurable === true) nodes.set(key, descriptor)
  }
  const inherited = Object.getPrototypeOf(globalThis) as object
  const own = (key: PropertyKey): Globals | undefined => {
    const process = currentProcess()
    const globals = process === undefined ? undefined : globalsOf(process)
    return globals?.has(key) === true ? globals : undefined
  }
  Object.setPrototypeOf(
    globalThis,
    new Proxy(inherited, {
      get(target, key, receiver): unknown {
        const globals = own(key)
        if (globals !== undefined) return globals.get(key)
        if (!isDeleted(key)) return Reflect.get(target, key, receiver)
        restoreGlobals()
        return Reflect.get(globalThis, key)
      },
      has: (target, key) => own(key) !== undefined || isDeleted(key) || Reflect.has(target, key),
      set(target, key, value, receiver) {
        const process = currentProcess()
        if (process === undefined || Reflect.has(target, key))
          return Reflect.set(target, key, value, receiver)
        globalsOf(process).set(key, value)
        return true
      },
    }),
  )
  replace(
    Object,
    'defineProperty',
    (real) =>
      function defineProperty(target, key, property) {
        const process = target === globalThis ? currentProcess() : undefined
        const { value, get } = property as PropertyDescriptor
        const isOurs = process !== undefined && get === undefined
        if (!isOurs || Object.hasOwn(globalThis, key as PropertyKey) || isNodes())
          return real.call(Object, target, key, property)
        globalsOf(process).set(key as PropertyKey, value)
        return target
      },
  )
}

/** Gives the globals back that code under test has deleted: a process begins with all of them. */
export function restoreGlobals(): void {
  for (const [key, descriptor] of nodes)
    if (!Object.hasOwn(globalThis, key)) Object.defineProperty(globalThis, key, descriptor)
}

/** Whether it is a simulated process that has deleted it, and somebody else who asks for it. */
function isDeleted(key: PropertyKey): boolean {
  return nodes.has(key) && !Object.hasOwn(globalThis, key) && currentProcess() === undefined
}

/**
 * Whether Node's own copy of a package makes it, which it loads when it is first used and never
 * again: undici's dispatcher, without which no process but the first could `fetch`.
 */
function isNodes(): boolean {
  return getCallSites(FRAMES).some(({ scriptName }) => scriptName.startsWith('node:internal/deps/'))
}

function globalsOf({ data }: Proc): Globals {
  const known = data.get(OF_PROCESS)
  if (known instanceof Map) return known as Globals
  const made: Globals = new Map()
  data.set(OF_PROCESS, made)
  return made
}
