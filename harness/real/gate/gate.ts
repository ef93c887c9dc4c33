import net from 'node:net'
import type { GateOptions } from './exchange.ts'
import { GateLine } from './line.ts'

/**
 * The door of one broker for one process. Everything between the two goes through it frame by
 * frame, and a frame that is held here is held exactly there. Faults of the network lie before it,
 * in Toxiproxy.
 */
export class Gate {
  readonly #options: GateOptions
  readonly #lines: Set<GateLine> = new Set()
  readonly #server: net.Server

  constructor(options: GateOptions) {
    this.#options = options
    this.#server = net.createServer({ noDelay: true, allowHalfOpen: true }, (client) => {
      const line = new GateLine(client, options, () => this.#lines.delete(line))
      this.#lines.add(line)
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
    return `${this.#options.process}~broker-${this.#options.broker}`
  }
}
