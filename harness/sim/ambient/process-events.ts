import type { Proc } from '../process.ts'
import { PROCESS_EXIT } from '../process.ts'
import { currentProcess } from './current.ts'

type Listener = (...args: unknown[]) => void
type AnyFunction = (...args: unknown[]) => unknown

/**
 * `process` inside a simulated process: its listeners, its exit and its output are its own. Stray errors of simulated
 * code are its crash; neither Node nor a test runner hears of them.
 * @param activeProcess whose event is being worked on, for errors that carry no async context
 */
export function patchProcess(activeProcess: () => Proc | undefined): void {
  const target = process as unknown as Record<string, AnyFunction>
  const realEmit = target['emit'] as AnyFunction
  target['emit'] = function (this: unknown, name, ...args) {
    if (
      name === 'unhandledRejection' ||
      name === 'uncaughtException' ||
      name === 'uncaughtExceptionMonitor'
    ) {
      if (belongsToSimulation(String(name), args[0], activeProcess)) return true
    }
    return realEmit.call(this, name, ...args)
  }
  for (const name of ['on', 'addListener', 'once', 'prependListener', 'prependOnceListener']) {
    override(target, name, (simulated, event, listener) => {
      const entry = {
        listener: listener as Listener,
        once: name === 'once' || name === 'prependOnceListener',
      }
      simulated.listeners.set(event as string, [...(simulated.listeners.get(event as string) ?? []), entry])
      return process
    })
  }
  for (const name of ['off', 'removeListener']) {
    override(target, name, (simulated, event, listener) => {
      const left = (simulated.listeners.get(event as string) ?? []).filter(
        (entry) => entry.listener !== listener,
      )
      simulated.listeners.set(event as string, left)
      return process
    })
  }
  override(target, 'removeAllListeners', (simulated, event) => {
    if (event === undefined) simulated.listeners.clear()
    else simulated.listeners.delete(event as string)
    return process
  })
  override(
    target,
    'listenerCount',
    (simulated, event) => simulated.listeners.get(event as string)?.length ?? 0,
  )
  override(target, 'exit', (simulated, code) => {
    simulated.exit(Number(code ?? simulated.exitCode ?? 0))
    throw PROCESS_EXIT
  })
  override(target, 'abort', (simulated) => {
    simulated.supervisor.crash({ restartMs: simulated.host.restartMs, reason: 'process.abort()' })
    throw PROCESS_EXIT
  })
  patchOutput()
}

function override(
  target: Record<string, AnyFunction>,
  name: string,
  simulated: (process: Proc, ...args: unknown[]) => unknown,
): void {
  const real = target[name] as AnyFunction
  target[name] = function (this: unknown, ...args) {
    const process = currentProcess()
    return process === undefined ? real.apply(this, args) : simulated(process, ...args)
  }
}

function belongsToSimulation(name: string, error: unknown, activeProcess: () => Proc | undefined): boolean {
  const process = currentProcess() ?? activeProcess()
  if (process === undefined) return false
  if (error === PROCESS_EXIT || name === 'uncaughtExceptionMonitor') return true
  const listeners = process.listeners.get(name) ?? []
  if (listeners.length > 0 && process.alive) process.run(() => callAll(listeners, error))
  else process.fail(name === 'unhandledRejection' ? 'unhandled rejection' : 'uncaught exception', error)
  return true
}

function patchOutput(): void {
  for (const name of ['stdout', 'stderr'] as const) {
    const stream = process[name]
    const real = stream.write.bind(stream) as AnyFunction
    stream.write = ((...args: unknown[]) => {
      const simulated = currentProcess()
      if (simulated === undefined) return real(...args)
      simulated.host.onConsole?.(simulated, name, String(args[0]))
      return true
    }) as typeof stream.write
  }
  for (const level of ['log', 'info', 'debug', 'warn', 'error', 'trace'] as const) {
    const real = console[level].bind(console)
    console[level] = (...args: unknown[]) => {
      const simulated = currentProcess()
      if (simulated === undefined) return real(...args)
      const stream = level === 'warn' || level === 'error' || level === 'trace' ? 'stderr' : 'stdout'
      simulated.host.onConsole?.(simulated, stream, `${args.map(String).join(' ')}\n`)
    }
  }
}

function callAll(listeners: readonly { listener: Listener }[], error: unknown): void {
  for (const { listener } of listeners) listener(error)
}
