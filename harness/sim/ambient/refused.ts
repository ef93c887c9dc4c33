import childProcess from 'node:child_process'
import cluster from 'node:cluster'
import dgram from 'node:dgram'
import http2 from 'node:http2'
import inspector from 'node:inspector'
import net from 'node:net'
import v8 from 'node:v8'
import workerThreads from 'node:worker_threads'
import { currentProcess } from './current.ts'
import { isFunction, refusal, refuse, withinGetter } from './patch.ts'

/** An import would read all its getters, one of which loads the whole of `fetch`. */
const http = process.getBuiltinModule('node:http')

const NO_CHILDREN = 'it can have no child; move the work into the process, or stand in for it in the test'
const NO_THREADS = 'its turns are not under control; do the work in the process'
const NO_INSIDES = 'nothing of it is under control; use the public functions of Node'
const NO_MACHINE = 'it tells of the real machine, which no two runs have alike; leave it out in the test'
const NO_HTTP =
  'only simulated hosts can be reached; stand in for the other service, e.g. with context.effects or context.store'

/** Refuses, by name, every call that would leave the simulation. */
export function patchRefused(): void {
  for (const name of ['spawn', 'spawnSync', 'exec', 'execSync', 'execFile', 'execFileSync', 'fork'])
    refuse(childProcess, name, `child_process.${name}`, NO_CHILDREN, ([command]) => String(command))
  refuse(childProcess.ChildProcess.prototype, 'spawn', 'ChildProcess.spawn', NO_CHILDREN)
  refuse(cluster, 'fork', 'cluster.fork', NO_CHILDREN)
  refuseConstructor(workerThreads, 'Worker', 'worker_threads.Worker', NO_THREADS)
  refuseNetwork()
  refuseInsides()
}

function refuseNetwork(): void {
  refuse(dgram, 'createSocket', 'dgram.createSocket', 'only TCP connections are simulated')
  refuse(http2, 'connect', 'http2.connect', NO_HTTP, ([authority]) => String(authority))
  refuseGlobal('WebSocket', NO_HTTP, () => http.WebSocket)
  refuseGlobal('EventSource', NO_HTTP)
  // Code that kept the real functions from before they were replaced gets no real socket either.
  refuse(net.Socket.prototype, 'connect', 'a socket of a net module that was loaded too early', NO_HTTP)
}

/**
 * Ways to Node's native code around all that is patched, and what tells of the machine's own time.
 */
function refuseInsides(): void {
  for (const name of ['_kill', '_debugProcess', '_debugEnd', 'execve'])
    refuse(process, name, `process.${name}`, NO_INSIDES)
  for (const name of ['binding', '_linkedBinding', 'dlopen'])
    refuse(process, name, `process.${name}`, NO_INSIDES)
  for (const name of ['open', 'waitForDebugger']) refuse(inspector, name, `inspector.${name}`, NO_INSIDES)
  refuse(inspector.Session.prototype, 'connect', 'inspector.Session.connect', NO_INSIDES)
  refuse(process.report, 'writeReport', 'process.report.writeReport', NO_MACHINE)
  for (const name of ['writeHeapSnapshot', 'getHeapSnapshot', 'queryObjects', 'startCpuProfile'])
    refuse(v8, name, `v8.${name}`, NO_MACHINE)
  for (const name of ['setFlagsFromString', 'setHeapSnapshotNearHeapLimit', 'takeCoverage', 'stopCoverage'])
    refuse(
      v8,
      name,
      `v8.${name}`,
      'it would change Node for all processes; give Node its options when it starts',
    )
  for (const name of ['setuid', 'setgid', 'seteuid', 'setegid', 'setgroups', 'initgroups'])
    refuse(process, name, `process.${name}`, 'it would change the real process; leave it out in the test')
}

function refuseConstructor(owner: object, name: string, called: string, instead: string): void {
  const real: unknown = Reflect.get(owner, name)
  if (!isFunction(real)) return
  Reflect.set(
    owner,
    name,
    new Proxy(real, {
      construct(target, args, newTarget) {
        const process = currentProcess()
        if (process !== undefined) throw refusal(process, `makes a ${called}`, instead)
        return Reflect.construct(target, args, newTarget) as object
      },
    }),
  )
}

/** Global classes are not touched: Node loads them when they are first asked for. */
function refuseGlobal(name: string, instead: string, real?: () => unknown): void {
  if (!(name in globalThis)) return
  withinGetter(
    globalThis,
    name,
    (process) =>
      new Proxy(class {}, {
        construct() {
          throw refusal(process, `makes a ${name}`, instead)
        },
      }),
    real,
  )
}
