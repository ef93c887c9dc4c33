import type { FollowerFetching } from './follower-fetching.ts'
import type { Leadership } from './leadership.ts'
import type { ReplicasOptions } from './partition-replicas.interface.ts'
import { completed, type Placement, reassigned, reverted } from './reassignment.ts'
import type { ReplicaSet } from './replica-set.ts'

export interface MovesOptions extends Pick<ReplicasOptions, 'host' | 'newReplica' | 'mayElectUnclean'> {
  readonly fetching: FollowerFetching
  readonly leadership: Leadership
}

/** Replicas move to other brokers (KIP-455): new ones catch up, then the others go. */
export class ReplicaMoves {
  readonly #set: ReplicaSet
  readonly #options: MovesOptions

  constructor(set: ReplicaSet, options: MovesOptions) {
    this.#set = set
    this.#options = options
  }

  /** @throws Error where replicas stay where they are */
  reassign(wanted: readonly number[]): void {
    if (this.#options.newReplica === undefined) throw new Error('these replicas stay where they are')
    this.#place(reassigned(this.#set.placement, wanted))
    if (this.#set.partition.leader === null) this.#options.leadership.elect()
    this.complete()
  }

  /** @see PartitionReplicas.revertReassignment */
  revert(): boolean {
    const { inSync } = this.#set
    const target = reverted(this.#set.placement)
    const [first] = target.replicas
    const clean = target.replicas.some((broker) => inSync.members.has(broker))
    if (!clean && !this.#options.mayElectUnclean()) return false
    this.#place(target)
    if (!clean && first !== undefined) inSync.electedUncleanly(first)
    this.#options.leadership.leadOn()
    return true
  }

  /** Those that go are gone, where all that stay are in sync. */
  complete(): void {
    const { placement, inSync, replicas } = this.#set
    const target = completed(placement, inSync.members)
    if (target === null) return
    this.#place(target)
    if (target.replicas.length < replicas.length) this.#options.leadership.leadOn()
  }

  #place(target: Placement): void {
    const { host, newReplica, fetching, leadership } = this.#options
    const set = this.#set
    const had = set.replicas
    const gone = had.filter(({ broker }) => !target.replicas.includes(broker))
    for (const replica of gone) {
      fetching.rest(replica)
      replica.log.onStored = null
      replica.producers.rest()
    }
    set.inSync.forget(gone.map(({ broker }) => broker))
    set.placement = target
    set.replicas = target.replicas.map((broker) => {
      const known = had.find((each) => each.broker === broker)
      return known ?? (newReplica as NonNullable<typeof newReplica>)(broker)
    })
    for (const replica of set.replicas) if (!had.includes(replica)) fetching.fetch(replica)
    host.leaderBalance.changed(leadership)
  }
}
