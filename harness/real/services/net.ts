import { createServer, type Server, type Socket } from 'node:net'
import { serviceAddress } from '../../core/names.ts'
import type { ServiceCalls } from '../../run/service-calls.ts'
import type { ServiceHost } from '../../run/service-host.interface.ts'
import type { ReadyService } from '../../run/services.ts'
import { ServiceSocket } from './socket.ts'

export interface ServiceNetOptions {
  readonly calls: ServiceCalls
  /** After real time, unless all is over by then. */
  later(delayMs: number, action: () => void): void
  /** The incarnation of this process that lives; null: none does. */
  incarnationOf(process: string): number | null
  /** The service itself has failed. */
  failed(error: unknown): void
}

type ServiceAccept = Parameters<ServiceHost['network']['listen']>[2]

/**
 * The services of a scenario on sockets of this machine. Each process has a port of its own for
 * each service, by which its connections are told from those of others.
 */
export class ServiceNet {
  readonly connections: Set<ServiceSocket> = new Set()
  readonly #options: ServiceNetOptions
  readonly #accepts: Map<string, ServiceAccept> = new Map()
  readonly #servers: Server[] = []
  readonly #routes: Map<string, Record<string, number>> = new Map()
  #ids = 0

  constructor(options: ServiceNetOptions) {
    this.#options = options
  }

  listen(host: string, port: number, accept: ServiceAccept): { cancel(): void } {
    const address = serviceAddress({ host, port })
    this.#accepts.set(address, accept)
    return { cancel: () => void this.#accepts.delete(address) }
  }

  /** Ports for these processes; resolves when all are open. */
  async open(processes: readonly string[], services: readonly ReadyService[]): Promise<void> {
    for (const process of processes)
      for (const service of services) {
        const port = await this.#open(process, service)
        const routes = this.#routes.get(process) ?? {}
        this.#routes.set(process, { ...routes, [serviceAddress(service)]: port })
      }
  }

  /** Ports on 127.0.0.1 by what the app calls the service: `db:5432`. */
  routesOf(process: string): Readonly<Record<string, number>> {
    return this.#routes.get(process) ?? {}
  }

  async close(): Promise<void> {
    for (const connection of this.connections) connection.reset()
    await Promise.all(
      this.#servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve()))),
    )
  }

  async #open(process: string, service: ReadyService): Promise<number> {
    const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) =>
      this.#connected(process, service, socket),
    )
    this.#servers.push(server)
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(0, '127.0.0.1', resolve)
    })
    const address = server.address()
    return typeof address === 'object' && address !== null ? address.port : 0
  }

  #connected(process: string, service: ReadyService, socket: Socket): void {
    const { incarnationOf, calls, later, failed } = this.#options
    socket.on('error', () => {})
    const accept = this.#accepts.get(serviceAddress(service))
    const incarnation = incarnationOf(process)
    if (accept === undefined || incarnation === null) {
      socket.resetAndDestroy()
      return
    }
    this.#ids += 1
    const connection = new ServiceSocket(socket, {
      id: this.#ids,
      client: process,
      incarnation,
      service,
      calls,
      later,
      failed,
      isAlive: () => incarnationOf(process) === incarnation,
      closed: () => void this.connections.delete(connection),
    })
    this.connections.add(connection)
    accept(connection)
  }
}
