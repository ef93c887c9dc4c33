import type { BrokerAddress, Peer, Session, Transport } from '../cluster.interface.ts'
import type { ClusterParts, SeenCluster } from '../cluster-parts.interface.ts'
import { FetchSessions } from '../requests/fetch-sessions.ts'
import { StaleCluster } from '../stale/stale-cluster.ts'
import { type Profile, profileOf } from '../versions/profile.ts'
import { ClientSession, type SessionOwner } from './session.ts'

/** One broker: its connections, and whether it is up. What it leads, the cluster knows. */
export class Broker implements SessionOwner {
  readonly address: BrokerAddress
  /** As it knows it. */
  cluster: SeenCluster
  readonly #whole: ClusterParts
  readonly fetchSessions: FetchSessions
  /** The release that it is of; null: it serves all that is served at all. */
  readonly profile: Profile | null
  readonly #sessions: Set<ClientSession> = new Set()
  #nextConnectionId = 1
  up = true
  /** The controller has fenced the broker, from which it has heard nothing for too long. */
  fenced = false
  #fencing: { cancel(): void } | null = null

  constructor(cluster: ClusterParts, address: BrokerAddress) {
    this.cluster = cluster
    this.#whole = cluster
    this.address = address
    this.fetchSessions = new FetchSessions(cluster)
    const index = cluster.brokers.findIndex(({ id }) => id === address.id)
    this.profile = profileOf(cluster.settings['onceover.release'], index)
  }

  get id(): number {
    return this.address.id
  }

  connect(peer: Peer, transport: Transport): Session {
    const session = new ClientSession({ broker: this, peer, transport, id: this.#nextConnectionId++ })
    if (this.up) this.#sessions.add(session)
    else session.kill()
    return session
  }

  /** Whether the broker is stale: it hears of no change of the cluster. */
  get isStale(): boolean {
    return this.cluster !== this.#whole
  }

  /**
   * The broker hears of no change from now on, or of all that it has missed. @returns whether that
   * is new
   */
  hears(hears: boolean): boolean {
    if (!this.up || hears !== this.isStale) return false
    this.cluster = hears ? this.#whole : new StaleCluster(this.#whole, this.id)
    if (!hears) return true
    this.#whole.topics.brokerHears(this.id)
    return true
  }

  /**
   * The broker and the controller hear nothing of each other, or do again: its view of the cluster
   * stands still, and after its session with the controller its work moves. @returns whether that
   * is new
   */
  cutOff(isCut: boolean): boolean {
    if (!this.hears(!isCut)) return false
    if (!isCut) {
      this.#fencing?.cancel()
      this.#fence(false)
      return true
    }
    const { clock, settings } = this.#whole
    this.#fencing = clock.after(settings['broker.session.timeout.ms'], () => this.#fence(true))
    return true
  }

  #fence(fenced: boolean): void {
    if (this.fenced === fenced) return
    this.fenced = fenced
    this.#whole.topics.brokerFenced(this.id, fenced)
  }

  forget(session: ClientSession): void {
    this.#sessions.delete(session)
  }

  resetLossyConnections(): boolean {
    return [...this.#sessions].filter((session) => session.resetIfLossy()).length > 0
  }

  /**
   * The machine is gone: its connections reset, its work moves. @param losesUnflushed its replicas
   * lose what is not on the disk yet
   */
  stop(losesUnflushed = false): void {
    if (!this.up) return
    for (const session of [...this.#sessions]) session.kill()
    this.fetchSessions.clear()
    this.hears(true)
    this.#fencing?.cancel()
    this.fenced = false
    this.up = false
    this.#whole.throttling?.forget(this.id)
    this.#whole.topics.brokerStopped(this.id, losesUnflushed)
  }

  start(): void {
    if (this.up) return
    this.up = true
    this.#whole.topics.brokerStarted(this.id)
  }
}
