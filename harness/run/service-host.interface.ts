import type { Connection } from '../sim/simulation.interface.ts'

/** A connection to a service, simulated or on a real socket. */
export interface ServiceLink
  extends Pick<
    Connection,
    'id' | 'client' | 'server' | 'port' | 'onData' | 'onEnd' | 'onClose' | 'write' | 'end' | 'reset'
  > {
  /** The client's process, if the client is one. */
  readonly process: { readonly incarnation: number } | null
}

/** The parts of a simulation, or of a real world, that services live in. */
export interface ServiceHost {
  readonly nowUs: number
  after(delayUs: number, action: () => void): { cancel(): void }
  /** Ends the run: the scenario can't be checked. */
  stopFor(error: Error): void
  readonly network: {
    listen(host: string, port: number, accept: (connection: ServiceLink) => void): { cancel(): void }
    readonly connections: Iterable<ServiceLink>
  }
}
