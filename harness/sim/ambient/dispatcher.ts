import type { Proc } from '../process.ts'
import { currentProcess } from './current.ts'

/**
 * `fetch` sends its requests over a dispatcher: undici's pool of connections, which is one for all
 * of a Node process, with timers in module variables. Inside simulated processes each incarnation
 * has one of its own.
 */
export interface Dispatcher {
  dispatch(options: unknown, handler: unknown): boolean
}

/** Where undici keeps it, by the version of the interface. */
const GLOBAL = [Symbol.for('undici.globalDispatcher.1'), Symbol.for('undici.globalDispatcher.2')] as const
const ITS_DISPATCHER = Symbol('dispatcher of a process')

let makeDispatcher: (() => Dispatcher) | null = null

/** Says how the dispatcher of an incarnation is made that has set none. */
export function makeDispatchersWith(make: () => Dispatcher): void {
  makeDispatcher = make
}

class DispatcherOfProcess implements Dispatcher {
  readonly #outside: Dispatcher

  constructor(outside: Dispatcher) {
    this.#outside = outside
  }

  dispatch(options: unknown, handler: unknown): boolean {
    const process = currentProcess()
    const its =
      process === undefined || makeDispatcher === null ? null : dispatcherOf(process, makeDispatcher)
    return (its ?? this.#outside).dispatch(options, handler)
  }
}

/** From here on `fetch` asks for the dispatcher of the process that calls it. */
export function installDispatchers(): void {
  // Node loads its own undici when one of its classes is first used.
  void new Response(null)
  for (const symbol of GLOBAL) {
    const known = Reflect.get(globalThis, symbol) as Dispatcher | undefined
    if (known !== undefined && !(known instanceof DispatcherOfProcess))
      Reflect.set(globalThis, symbol, new DispatcherOfProcess(known))
  }
}

function dispatcherOf(process: Proc, make: () => Dispatcher): Dispatcher {
  const known = process.data.get(ITS_DISPATCHER) as Dispatcher | undefined
  if (known !== undefined) return known
  const made = make()
  process.data.set(ITS_DISPATCHER, made)
  return made
}

/** The exports of undici's own module for the global dispatcher. */
interface UndiciGlobal {
  getGlobalDispatcher(): Dispatcher
  setGlobalDispatcher(dispatcher: Dispatcher): void
}

/** Whether this file is the one in which the package undici keeps its global dispatcher. */
export function isUndiciGlobal(file: string): boolean {
  return /[\\/]node_modules[\\/]undici[\\/]lib[\\/]global\.js$/.test(file)
}

/** The app's own copy of undici gets and sets the dispatcher of its process only. */
export function adoptDispatcher(exports: unknown, make: () => Dispatcher): void {
  const its = exports as UndiciGlobal
  const { getGlobalDispatcher, setGlobalDispatcher } = its
  its.getGlobalDispatcher = () => {
    const process = currentProcess()
    return process === undefined ? getGlobalDispatcher() : dispatcherOf(process, make)
  }
  its.setGlobalDispatcher = (dispatcher) => {
    const process = currentProcess()
    if (process === undefined) setGlobalDispatcher(dispatcher)
    else process.data.set(ITS_DISPATCHER, dispatcher)
  }
}
