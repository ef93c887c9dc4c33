import childProcess from 'node:child_process'
import cluster from 'node:cluster'
import dgram from 'node:dgram'
import net from 'node:net'
import workerThreads from 'node:worker_threads'
import { UsageError } from '../../core/errors.ts'
import { currentProcess } from './current.ts'

type AnyFunction = (...args: unknown[]) => unknown

/** What would leave the simulation is refused by its name. */
export function patchRefused(): void {
  const processes = ['spawn', 'spawnSync', 'exec', 'execSync', 'execFile', 'execFileSync', 'fork']
  for (const name of processes)
    refuse(childProcess as unknown as Record<string, AnyFunction>, name, `child_process.${name}`)
  refuse(cluster as unknown as Record<string, AnyFunction>, 'fork', 'cluster.fork')
  refuse(dgram as unknown as Record<string, AnyFunction>, 'createSocket', 'dgram.createSocket')
  refuse(net.Server.prototype as unknown as Record<string, AnyFunction>, 'listen', 'net.Server.listen')
  const RealWorker = workerThreads.Worker
  ;(workerThreads as { Worker: unknown }).Worker = new Proxy(RealWorker, {
    construct(target, args, newTarget) {
      refuseInside('worker_threads.Worker')
      return Reflect.construct(target, args, newTarget) as object
    },
  })
  if (typeof globalThis.fetch === 'function')
    refuse(globalThis as unknown as Record<string, AnyFunction>, 'fetch', 'fetch')
}

function refuse(target: Record<string, AnyFunction>, name: string, called: string): void {
  const real = target[name] as AnyFunction
  target[name] = function (this: unknown, ...args) {
    refuseInside(called)
    return real.apply(this, args)
  }
}

function refuseInside(called: string): void {
  const process = currentProcess()
  if (process === undefined) return
  throw new UsageError(
    'unsupported-in-simulation',
    `${called} was called in ${process.name}: it would leave the simulation; hand the app a replacement for it, or use context.effects or context.store`,
  )
}
