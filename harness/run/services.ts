import { UsageError } from '../core/errors.ts'
import type { HistoryEvent, Observation } from '../core/history.ts'
import type { AskedService, EffectsOfService, IdentityOf } from '../core/scenario.ts'
import type {
  ArrivedCall,
  CallOutcome,
  Service,
  ServiceAddress,
  ServiceConnection,
  ServiceRow,
} from '../core/service.ts'
import type { Heal } from '../faults/outcome.ts'
import type { NamedCall } from './named-calls.ts'
import type { ServiceCalls } from './service-calls.ts'
import type { ServiceHost, ServiceLink } from './service-host.interface.ts'
import { StandingEffects } from './standing-effects.ts'

/** A service of the scenario that is ready, and where it listens. */
export interface ReadyService extends ServiceAddress {
  /** As the scenario calls it. */
  readonly name: string
  readonly service: Service
}

export interface ServicesOptions {
  readonly services: readonly ReadyService[]
  readonly simulation: ServiceHost
  readonly epochMs: number
  readonly calls: ServiceCalls
  seedOf(service: string): number
  readonly effects: EffectsOfService | null
  readonly identity: IdentityOf | undefined
  observe(observation: Observation): void
}

/** A service can't be asked at this moment: a transaction is open. */
export class NotAskable extends Error {}

/** The services of one run: they listen, are stopped and started, and tell what stands in them. */
export class Services {
  readonly #options: ServicesOptions
  readonly #listening: Map<string, { cancel(): void }> = new Map()
  readonly #standing: StandingEffects | null
  /** Why this run says nothing about the app, or null. */
  outside: string | null = null

  constructor(options: ServicesOptions) {
    this.#options = options
    for (const { name, service } of options.services) this.#reset(name, service)
    this.#standing = this.#standingEffects()
    for (const ready of options.services) this.#listen(ready)
  }

  /** By their names in the scenario. */
  get addresses(): Readonly<Record<string, ServiceAddress>> {
    const { services } = this.#options
    return Object.fromEntries(services.map(({ name, host, port }) => [name, { host, port }]))
  }

  /** The services that can be asked what stands in them, by name. */
  get askable(): Readonly<Record<string, AskedService>> {
    const askable = this.#options.services.filter(({ service }) => service.ask !== undefined)
    return Object.fromEntries(
      askable.map(({ name, service }) => [
        name,
        {
          ask(query: string) {
            const rows = service.ask?.(query) ?? null
            if (rows === null) throw new NotAskable(`${name} can't be asked while a transaction is open`)
            return rows
          },
        },
      ]),
    )
  }

  observe(event: HistoryEvent): void {
    this.#standing?.observe(event)
  }

  /** See `FaultWorld.stopService`. */
  stop(name: string): Heal | null {
    const ready = this.#options.services.find((each) => each.name === name)
    const listening = this.#listening.get(name)
    if (ready === undefined || listening === undefined) return null
    listening.cancel()
    this.#listening.delete(name)
    const { network } = this.#options.simulation
    for (const connection of network.connections)
      if (connection.server === ready.host && connection.port === ready.port) connection.reset()
    return () => this.#listen(ready)
  }

  #reset(name: string, service: Service): void {
    const { simulation, epochMs, seedOf } = this.#options
    const clock = new RunClock(simulation)
    const run = Object.assign(clock, {
      epochUs: epochMs * 1000,
      seed: seedOf(name),
      after: (delayUs: number, action: () => void) => simulation.after(delayUs, action),
      outside: (what: string) => {
        this.outside ??= `${name}: ${what}`
      },
      refuse: (process: string, does: string, instead: string) =>
        simulation.stopFor(
          new UsageError('unsupported-in-simulation', `${process} ${does} at ${name}: ${instead}`),
        ),
    })
    service.reset(run)
  }

  #standingEffects(): StandingEffects | null {
    const { effects, identity, observe } = this.#options
    if (effects === null) return null
    const standing = new StandingEffects({
      effects,
      identity,
      ask: (query) => this.#ask(effects.from, query),
      observe,
    })
    standing.begin()
    return standing
  }

  #ask(from: string, query: string): readonly ServiceRow[] | null {
    const ready = this.#options.services.find(({ name }) => name === from)
    try {
      return ready?.service.ask?.(query) ?? null
    } catch (error) {
      if (error instanceof UsageError) throw error
      const why = error instanceof Error ? error.message : String(error)
      throw new UsageError('bad-scenario', `effects.query at ${from}: ${why}; mend the query`)
    }
  }

  #listen(ready: ReadyService): void {
    const { network } = this.#options.simulation
    const listening = network.listen(ready.host, ready.port, (connection) => this.#accept(ready, connection))
    this.#listening.set(ready.name, listening)
  }

  #accept({ name, service }: ReadyService, connection: ServiceLink): void {
    const { calls } = this.#options
    const reader = service.reader?.()
    if (reader !== undefined) calls.follow(connection, name, reader)
    /** How much later the next answer leaves. */
    let lateUs = 0
    const done = (call: NamedCall, { error, changed }: CallOutcome): void => {
      lateUs += calls.applied(call, error)
      if (changed && this.#options.effects?.from === name) this.#standing?.look(call)
    }
    const its: ServiceConnection = {
      client: connection.client,
      onData: () => {},
      onEnd: () => connection.end(),
      onClose: () => {},
      write(bytes, extraUs = 0) {
        connection.write(bytes, extraUs + lateUs)
        lateUs = 0
      },
      end: () => connection.end(),
      reset: () => connection.reset(),
      arrived: () =>
        this.#arrived(connection, {
          done,
          late: (delayUs) => {
            lateUs += delayUs
          },
        }),
    }
    Object.assign(connection, {
      onData: (bytes: Buffer) => its.onData(bytes),
      onEnd: () => its.onEnd(),
      onClose: () => its.onClose(),
    } satisfies Partial<ServiceLink>)
    service.accept(its)
  }

  #arrived(
    connection: ServiceLink,
    on: { done(call: NamedCall, outcome: CallOutcome): void; late(delayUs: number): void },
  ): ArrivedCall | null {
    const arrived = this.#options.calls.received(connection)
    if (arrived === null) return UNNAMED
    const { call, action } = arrived
    if (action?.kind === 'break-before') {
      connection.reset()
      return null
    }
    if (action?.kind === 'slow') on.late(action.delayUs)
    return {
      error: action?.kind === 'error' ? action.code : null,
      done(outcome) {
        on.done(call, outcome)
        if (action?.kind === 'break-after') connection.reset()
      },
    }
  }
}

/** A call that no reader saw. */
const UNNAMED: ArrivedCall = { error: null, done: () => {} }

/** A getter of a class: one of an object would keep the run; see "Garbage" in sim/README.md. */
class RunClock {
  readonly #simulation: ServiceHost

  constructor(simulation: ServiceHost) {
    this.#simulation = simulation
  }

  get nowUs(): number {
    return this.#simulation.nowUs
  }
}
