import type { Address } from '../gate/exchange.ts'
import type { ToxiproxyAccess } from '../toxiproxy/links.ts'

/** An ability that some faults, and some scenarios, need of the cluster's provider. */
export type Need =
  /** A broker can be killed and started again. */
  | 'kill-broker'
  /** Brokers can be given settings. */
  | 'settings'
  /** Its brokers have an authorizer (ACLs). */
  | 'acls'
  /** The connection between a broker and the controller can be cut. */
  | 'controller-link'

export interface WantedCluster {
  readonly brokers: number
  /** By Kafka's names. */
  readonly settings: Readonly<Record<string, string | number | boolean>>
  /** The Kafka release, for example `4.1.0`. */
  readonly release: string
  /** Aborted once nobody waits for the cluster. */
  readonly signal: AbortSignal
  /** Told once where something that was started ends by itself. */
  onFailure(why: string): void
  /** One line about what is being waited for. */
  progress(line: string): void
}

export type ProviderName = 'docker' | 'testcontainers' | 'local' | 'brokers'

/** A source of real clusters with a Toxiproxy. */
export interface Provider {
  readonly name: ProviderName
  /** Whether it starts a cluster for each request, so that several can stand side by side. */
  readonly several: boolean
  /** One sentence where it can't be had here: what is missing, and what to type. */
  missing(): Promise<string | null>
  /** Why it can't do this, or null. */
  cannot(need: Need): string | null
  /** @throws UsageError, RealClusterError in one sentence */
  start(wanted: WantedCluster): Promise<RealKafka>
}

/** A cluster and a Toxiproxy that run. */
export interface RealKafka {
  /** For example `Kafka 4.1.0`. */
  readonly title: string
  /** Whether it was started for this replay alone. */
  readonly isOurs: boolean
  /** For example `local processes, Toxiproxy 2.12`. */
  readonly how: string
  /** Where the harness reaches each broker, by node id, whatever they advertise. */
  readonly brokers: ReadonlyMap<number, Address>
  readonly toxiproxy: ToxiproxyAccess
  readonly killBroker?: ((id: number) => Promise<void>) | undefined
  readonly startBroker?: ((id: number) => Promise<void>) | undefined
  /** The broker and the controller hear nothing of each other, or do again. */
  readonly cutController?: ((id: number, isCut: boolean) => void) | undefined
  /** Leaves nothing behind. */
  stop(): Promise<void>
}
