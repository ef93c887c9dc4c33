import net from 'node:net'
import { brokerName, linkName } from '../../core/names.ts'
import type { GateOptions } from './exchange.ts'
import { GateLine } from './line.ts'

/** How long a connection through Toxiproxy may take to arrive. */
const ARRIVED_MS = 10_000

/**
 * The door of one broker for one process. Everything between the two goes through it frame by
 * frame, and a frame that is held here is held exactly there. Faults of the network lie before it,
 * in Toxiproxy.
 */
export class Gate {
  readonly #options: GateOptions
  readonly #lines: Set<GateLine> = new Set()
  readonly #server: net.Server
  readonly #visited: PromiseWithResolvers<void> = Promise.withResolvers<void>()

  constructor(options: GateOptions) {
    this.#options = options
    this.#server = net.createServer({ noDelay: true, allowHalfOpen: true }, (client) => {
      const line = new GateLine(client, options, () => this.#lines.delete(line))
      this.#lines.add(line)
      this.#visited.resolve()
    })
  }

  /** Listens on a free port of this address, and says which. */
  async listen(host: string): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject)
      this.#server.listen(0, host, resolve)
    })
    const address = this.#server.address()
    if (address === null || typeof address === 'string') throw new Error('the gate has no port')
    return address.port
  }

  /** Whether somebody who connects to this port of this machine arrives here. */
  async isBehind(port: number): Promise<boolean> {
    const socket = net.connect({ host: '127.0.0.1', port })
    const gone = new Promise<boolean>((resolve) => {
      socket.on('error', () => resolve(false))
      socket.on('close', () => resolve(false))
      socket.setTimeout(ARRIVED_MS, () => resolve(false))
    })
    const arrived = await Promise.race([this.#visited.promise.then(() => true), gone])
    socket.destroy()
    return arrived
  }

  /** Lets one byte pass to each client: a reset waits for the next byte. */
  nudge(): void {
    for (const line of this.#lines) line.nudge()
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve))
    for (const line of this.#lines) line.destroy()
    await closed
  }

  get name(): string {
    return linkName({ from: this.#options.process, to: brokerName(this.#options.broker), oneWay: false })
  }
}
