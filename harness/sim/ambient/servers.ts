import type { ServerResponse } from 'node:http'
import http2 from 'node:http2'
import net from 'node:net'
import process from 'node:process'
import tls from 'node:tls'
import { AcceptedSocket } from '../accepted-socket.ts'
import type { Proc } from '../process.ts'
import type { Connection } from '../simulation.interface.ts'
import { addressInUse } from '../socket-errors.ts'
import { functionOf, refusal, refuse, within } from './patch.ts'

/** An import would read all its getters, one of which loads the whole of `fetch`. */
const http = process.getBuiltinModule('node:http')

/** First port that Linux gives to a server that asks for any. */
const PORT_FIRST = 32_768
const NO_PATH = 'a simulated server listens on TCP ports; give it a port'
const NO_HTTP2 =
  'HTTP/2 is spoken by native code outside of the simulation; listen with node:http or node:https'

interface ListenOptions {
  readonly port?: number | string | null
  readonly path?: string
  readonly fd?: number
}

/** The handle that Node's own methods of a server use: whether it listens, where, and to end. */
interface ServerHandle {
  close(): void
  getsockname(out: Record<string, unknown>): number
  ref(): void
  unref(): void
}

type ServerInside = net.Server & {
  _handle: ServerHandle | null
  _connections: number
  _emitCloseIfDrained(): void
  readonly allowHalfOpen?: boolean
}

/**
 * Servers inside a simulated process listen on its simulated host: other processes of the scenario
 * can connect, and nobody else. TLS is taken for agreed, and nothing is encrypted.
 */
export function patchServers(): void {
  within(net.Server.prototype, 'listen', (process, args, _real, self) =>
    listen(process, self as ServerInside, args),
  )
  for (const name of ['createServer', 'createSecureServer']) refuse(http2, name, `http2.${name}`, NO_HTTP2)
}

function listen(process: Proc, server: ServerInside, args: readonly unknown[]): net.Server {
  const [options, done] = normalized(args)
  if (typeof done === 'function') server.once('listening', done as () => void)
  if (typeof options.path === 'string' || typeof options.fd === 'number')
    throw refusal(
      process,
      `calls net.Server.listen on ${options.path ?? `descriptor ${options.fd}`}`,
      NO_PATH,
    )
  const { network } = process.host
  const port = Number(options.port ?? 0) === 0 ? freePort(process) : Number(options.port)
  if (network.isListening(process.name, port)) {
    nextTickIn(process, () => server.emit('error', addressInUse(port)))
    return server
  }
  open(process, server, port)
  if (server instanceof http.Server || server instanceof tls.Server) prepareHttp(server)
  nextTickIn(process, () => {
    if (server._handle !== null) server.emit('listening')
  })
  return server
}

/** `listen(port, host?, backlog?, callback?)` and all its other forms, as Node reads them. */
function normalized(args: readonly unknown[]): readonly [ListenOptions, unknown] {
  const normalize = functionOf(net, '_normalizeArgs')
  return normalize(args) as [ListenOptions, unknown]
}

function freePort({ host: { network }, name }: Proc): number {
  let port = PORT_FIRST
  while (network.served(name, port)) port += 1
  return port
}

function nextTickIn(simulated: Proc, action: () => void): void {
  process.nextTick(() => {
    if (simulated.alive) action()
  })
}

function open(process: Proc, server: ServerInside, port: number): void {
  const listening = process.host.network.listen(process.name, port, (connection) =>
    accept(process, server, connection),
  )
  let referenced = true
  const end = (): void => {
    listening.cancel()
    if (referenced) process.letGo()
    referenced = false
  }
  process.keepBusy()
  process.onEnd.add(end)
  server._handle = {
    close() {
      process.onEnd.delete(end)
      end()
    },
    getsockname(out) {
      Object.assign(out, { address: '0.0.0.0', family: 'IPv4', port })
      return 0
    },
    ref() {
      if (!referenced) process.keepBusy()
      referenced = true
    },
    unref() {
      if (referenced) process.letGo()
      referenced = false
    },
  }
}

/** The connection is told before anything that comes over it. */
function accept(process: Proc, server: ServerInside, connection: Connection): void {
  const encrypted = server instanceof tls.Server
  process.resource.runInAsyncScope(() => {
    process.host.schedule(0, process, () => {
      server._connections += 1
      socket.once('close', () => {
        server._connections -= 1
        server._emitCloseIfDrained()
      })
      server.emit(encrypted ? 'secureConnection' : 'connection', socket)
    })
    const socket = new AcceptedSocket(process, connection, {
      encrypted,
      allowHalfOpen: server.allowHalfOpen ?? server instanceof http.Server,
    })
  })
}

const prepared = new WeakSet<net.Server>()

/**
 * Node looks after slow requests by a timer of its own, and writes the time of its own clock into
 * each answer.
 */
function prepareHttp(server: net.Server): void {
  if (prepared.has(server)) return
  prepared.add(server)
  for (const listener of server.listeners('listening'))
    if (listener.name === 'setupConnectionsTracking') server.off('listening', listener as () => void)
  server.prependListener('request', (_request: unknown, response: ServerResponse) => {
    if (!response.sendDate) return
    response.sendDate = false
    response.setHeader('Date', new Date().toUTCString())
  })
}
