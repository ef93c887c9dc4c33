import os from 'node:os'
import process from 'node:process'
import { Readable } from 'node:stream'
import { active } from '../active.ts'
import { context, type ErrorOrigin, PROCESS_EXIT, type Proc } from '../process.ts'
import { currentProcess, outsideProcesses } from './current.ts'
import { type AnyFunction, refusal, refuse, replace, within, withinGetter } from './patch.ts'

const EMITTER_METHODS = [
  'on',
  'addListener',
  'once',
  'prependListener',
  'prependOnceListener',
  'off',
  'removeListener',
  'removeAllListeners',
  'setMaxListeners',
  'getMaxListeners',
  'listeners',
  'rawListeners',
  'listenerCount',
  'eventNames',
] as const

/** The events that Node emits on `process` for an error that no code has caught. */
const STRAY_ERRORS = new Set<unknown>(['uncaughtException', 'unhandledRejection', 'uncaughtExceptionMonitor'])
/** Node tells of these for its own bookkeeping; inside a simulation there is nothing to tell. */
const UNHEARD = new Set<unknown>(['rejectionHandled', 'multipleResolves', 'worker'])
/** Messages of the real process's parent; Node asks for listeners before it emits them. */
const FROM_PARENT = new Set<unknown>(['message', 'internalMessage', 'disconnect'])

/**
 * `process` inside a simulated process: its listeners and its end are its own. Stray errors of
 * simulated code are its crash; neither Node nor a test runner hears of them.
 */
export function patchProcess(): void {
  for (const name of EMITTER_METHODS) {
    within(process, name, ({ emitter }, args) => {
      const answer = (emitter[name] as AnyFunction)(...args)
      return answer === emitter ? process : answer
    })
  }
  replace(process, 'listenerCount', patchedListenerCount)
  replace(process, 'emit', patchedEmit)
  within(process, 'exit', (simulated, [code]) => exit(simulated, code))
  within(process, 'reallyExit', (simulated, [code]) => exit(simulated, code))
  within(process, 'abort', (simulated) => {
    simulated.keeper.crash({ restartMs: simulated.host.restartMs, reason: 'process.abort()' })
    throw PROCESS_EXIT
  })
  within(process, 'kill', (simulated, [pid, signal]) => kill(simulated, pid, signal))
  refuse(process, 'chdir', 'process.chdir', 'all simulated processes share one directory; use absolute paths')
  withinGetter(process, 'pid', ({ pid }) => pid)
  withinGetter(process, 'ppid', () => 1)
  within(process, 'umask', umask)
  // The real process may have a parent that listens, such as a test runner. `channel` stays, since
  // Node reads it for each message of that parent's.
  for (const name of ['send', 'disconnect']) if (name in process) withinGetter(process, name, () => undefined)
  withinGetter(process, 'stdin', stdin)
  within(os, 'hostname', ({ name }) => name)
}

const UMASK = 0o022
const umasks = new WeakMap<Proc, number>()

function umask(simulated: Proc, [mask]: readonly unknown[]): number {
  const before = umasks.get(simulated) ?? UMASK
  if (mask !== undefined)
    umasks.set(simulated, typeof mask === 'string' ? Number.parseInt(mask, 8) : Number(mask))
  return before
}

const stdins = new WeakMap<Proc, Readable>()

/** As in a container without a terminal: it is at its end. */
function stdin(simulated: Proc): Readable {
  const made = stdins.get(simulated) ?? Object.assign(Readable.from([]), { fd: 0 })
  stdins.set(simulated, made)
  return made
}

/**
 * A message of the real parent comes while a simulated process waits for the event loop: it is of
 * no context, and not for the process whose event is worked on.
 */
function isFromParent(name: unknown): boolean {
  return FROM_PARENT.has(name) && context.getStore() === undefined
}

function patchedListenerCount(patched: AnyFunction): AnyFunction {
  return function (this: unknown, name, ...args) {
    return isFromParent(name)
      ? outsideProcesses(() => patched.call(this, name, ...args))
      : patched.call(this, name, ...args)
  }
}

function patchedEmit(real: AnyFunction): AnyFunction {
  return function (this: unknown, name, ...args) {
    if (isFromParent(name)) return outsideProcesses(() => real.call(this, name, ...args))
    if (STRAY_ERRORS.has(name)) {
      const owner = currentProcess()
      if (owner === undefined) return real.call(this, name, ...args)
      active.disturbed = true
      // `raise` tells monitors and listeners in Node's order.
      if (name !== 'uncaughtExceptionMonitor') owner.raise(args[0], name as ErrorOrigin, args[1])
      return true
    }
    const simulated = currentProcess()
    if (simulated === undefined) return real.call(this, name, ...args)
    if (name === 'warning') return warn(simulated, args[0])
    return UNHEARD.has(name) || simulated.emitter.emit(name as string, ...args)
  }
}

function warn(simulated: Proc, warning: unknown): boolean {
  const { emitter, host } = simulated
  if (emitter.emit('warning', warning)) return true
  host.onConsole?.(simulated, 'stderr', `(node:${simulated.pid}) ${String(warning)}\n`)
  return true
}

function exit(simulated: Proc, code: unknown): never {
  const exitCode = Number(code ?? process.exitCode ?? 0)
  if (simulated.exiting) simulated.exitCode = exitCode
  else simulated.exit(exitCode)
  throw PROCESS_EXIT
}

function kill(simulated: Proc, pid: unknown, signal: unknown = 'SIGTERM'): true {
  if (pid !== simulated.pid) {
    throw refusal(
      simulated,
      `calls process.kill(${String(pid)})`,
      'it can only signal itself, by process.pid',
    )
  }
  if (signal === 0) return true
  if (signal === 'SIGKILL' || signal === 9) {
    simulated.keeper.crash({ restartMs: simulated.host.restartMs, reason: 'SIGKILL by itself' })
    throw PROCESS_EXIT
  }
  const byNumber = Object.entries(os.constants.signals).find(([, number]) => number === signal)
  const name = (byNumber?.[0] ?? signal) as NodeJS.Signals
  simulated.host.schedule(0, simulated, () => simulated.receive(name))
  return true
}
