import net from 'node:net'
import { socketPipe } from '../../kafka/index.ts'
import { createWorld, Line, type ProbeWorld, type Waiter } from '../../kafka/probe/index.ts'

/** The broker that a script is played on. */
export interface Target extends Waiter {
  /** Unix time in milliseconds, as the cluster has it. */
  nowMs(): number
  connect(clientId?: string): Line
  /** The broker stops and starts again. */
  restart(): Promise<void>
}

const STEP_MS = 5

/** Lets this much virtual time pass, or less where `until` holds before. */
export function passVirtually({ clock }: ProbeWorld, ms: number, until: () => boolean): void {
  for (let waited = 0; waited < ms && !until(); waited += STEP_MS) clock.advance(STEP_MS)
}

/** Lets this much real time pass, or less where `until` holds before. */
export async function passReally(ms: number, until: () => boolean): Promise<void> {
  const endMs = performance.now() + ms
  while (performance.now() < endMs && !until()) await new Promise((resolve) => setTimeout(resolve, STEP_MS))
}

/** The simulated cluster in virtual time. */
export class SimulatedTarget implements Target {
  readonly #world: ProbeWorld

  constructor(settings: Readonly<Record<string, string | number | boolean>>) {
    this.#world = createWorld({ brokers: 1, settings })
  }

  nowMs(): number {
    return this.#world.clock.nowMs()
  }

  connect(clientId = 'client'): Line {
    return this.#world.connect('client', 0, clientId)
  }

  async wait(ms: number, until: () => boolean = () => false): Promise<void> {
    passVirtually(this.#world, ms, until)
  }

  async restart(): Promise<void> {
    this.#world.cluster.admin.stopBroker(0)
    this.#world.clock.advance(500)
    this.#world.cluster.admin.startBroker(0)
    this.#world.clock.advance(3_000)
  }
}

/**
 * A broker at an address, in real time. `restarted` resolves when it has been down and serves
 * again.
 */
export class RealBrokerTarget implements Target {
  readonly #host: string
  readonly #port: number
  readonly #restarted: () => Promise<void>

  constructor(address: string, restarted: () => Promise<void>) {
    const [host = '127.0.0.1', port = '9092'] = address.split(':')
    this.#host = host
    this.#port = Number(port)
    this.#restarted = restarted
  }

  nowMs(): number {
    return Date.now()
  }

  connect(clientId = 'client'): Line {
    return new Line(socketPipe(net.connect(this.#port, this.#host)), clientId)
  }

  async wait(ms: number, until: () => boolean = () => false): Promise<void> {
    await passReally(ms, until)
  }

  restart(): Promise<void> {
    return this.#restarted()
  }
}
