import type { BrokerAddress, Peer, Session, Transport } from '../cluster.interface.ts'
import type { ClusterParts } from '../cluster-parts.interface.ts'
import { type Profile, profileOf } from '../versions/profile.ts'
import { FetchSessions } from './fetch-sessions.ts'
import { ClientSession, type SessionOwner } from './session.ts'

/** One broker: its connections, and whether it is up. What it leads, the cluster knows. */
export class Broker implements SessionOwner {
  readonly address: BrokerAddress
  readonly cluster: ClusterParts
  readonly fetchSessions: FetchSessions
  /** The release that it is of; null: it serves all that is served at all. */
  readonly profile: Profile | null
  readonly #sessions: Set<ClientSession> = new Set()
  #nextConnectionId = 1
  up = true

  constructor(cluster: ClusterParts, address: BrokerAddress) {
    this.cluster = cluster
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

  forget(session: ClientSession): void {
    this.#sessions.delete(session)
  }

  /** The machine is gone: its connections reset, its work moves. @param losesUnflushed its replicas lose what is not on the disk yet */
  stop(losesUnflushed = false): void {
    if (!this.up) return
    this.up = false
    for (const session of [...this.#sessions]) session.kill()
    this.fetchSessions.clear()
    this.cluster.throttling?.forget(this.id)
    this.cluster.topics.brokerStopped(this.id, losesUnflushed)
    this.cluster.coordinators.log.brokerStopped(this.id, losesUnflushed)
    this.cluster.transactions.log.brokerStopped(this.id, losesUnflushed)
  }

  start(): void {
    if (this.up) return
    this.up = true
    this.cluster.topics.brokerStarted(this.id)
    this.cluster.coordinators.log.brokerStarted(this.id)
    this.cluster.transactions.log.brokerStarted(this.id)
  }
}
