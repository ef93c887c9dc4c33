import type { Observation } from '../../core/history.ts'
import type { EffectsOfService, IdentityOf } from '../../core/scenario.ts'
import { createChance } from '../../core/seed.ts'
import type { NamedCalls } from '../../run/named-calls.ts'
import { ServiceCalls } from '../../run/service-calls.ts'
import { type ReadyService, Services } from '../../run/services.ts'
import type { RealClock } from '../clock.ts'
import { ServiceNet } from './net.ts'

export interface RealServicesOptions {
  readonly services: readonly ReadyService[]
  /** Where effects stand, if they stand in a service. */
  readonly effectsOfService: EffectsOfService | null
  readonly identity: IdentityOf | undefined
  /** Of the schedule. */
  readonly seed: string
  readonly clock: RealClock
  readonly calls: NamedCalls
  /** The incarnation of this process that lives; null: none does. */
  incarnationOf(process: string): number | null
  observe(observation: Observation): void
  failed(error: unknown): void
}

/**
 * The services of the scenario in one try: the classes of a simulated run, in real time and on real
 * sockets.
 */
export class RealServices extends Services {
  readonly #net: ServiceNet
  readonly #ready: readonly ReadyService[]

  constructor(options: RealServicesOptions) {
    const { clock, failed, effectsOfService, seed } = options
    const calls = new ServiceCalls(options.calls)
    const network = new ServiceNet({
      calls,
      later: (delayMs, action) => clock.later(delayMs, action),
      incarnationOf: options.incarnationOf,
      failed,
    })
    super({
      services: options.services,
      simulation: {
        get nowUs() {
          return clock.nowUs
        },
        after: (delayUs, action) => cancellable(action, (last) => clock.later(delayUs / 1000, last)),
        stopFor: failed,
        network,
      },
      epochMs: Date.now() - clock.nowUs / 1000,
      calls,
      seedOf: (name) => createChance(seed).stream(`service/${name}`).bits32(),
      effects: effectsOfService,
      identity: options.identity,
      observe: options.observe,
    })
    this.#net = network
    this.#ready = options.services
  }

  /** Opens ports for these processes. */
  open(processes: readonly string[]): Promise<void> {
    return this.#net.open(processes, this.#ready)
  }

  /** See `Setup.routes`. */
  routesOf(process: string): Readonly<Record<string, number>> {
    return this.#net.routesOf(process)
  }

  close(): Promise<void> {
    return this.#net.close()
  }
}

function cancellable(action: () => void, start: (action: () => void) => void): { cancel(): void } {
  let isWanted = true
  start(() => {
    if (isWanted) action()
  })
  return {
    cancel() {
      isWanted = false
    },
  }
}
