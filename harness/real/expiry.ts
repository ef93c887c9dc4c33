import type { RealClock } from './clock.ts'
import type { RealCluster } from './cluster/cluster.ts'
import { membersOf } from './cluster/groups.ts'
import type { LearntGroups } from './learn/groups.ts'

const LOOK_MS = 100

/**
 * No coordinator tells anybody when it expels a member: it is asked, for as long as dead members
 * may be in a group.
 */
export class Expiry {
  readonly #cluster: RealCluster
  readonly #groups: LearntGroups
  readonly #clock: RealClock
  /** Dead members that their groups may still have, by member id. */
  readonly #dead: Map<string, string> = new Map()
  #looking = false
  readonly #onError: (error: unknown) => void

  constructor(options: {
    readonly cluster: RealCluster
    readonly groups: LearntGroups
    readonly clock: RealClock
    onError(error: unknown): void
  }) {
    this.#cluster = options.cluster
    this.#groups = options.groups
    this.#clock = options.clock
    this.#onError = options.onError
  }

  /** Members that are dead and not yet expelled. */
  get awaited(): number {
    return this.#dead.size
  }

  /** This incarnation is gone. */
  watch(process: string, incarnation: number): void {
    for (const { memberId, group } of this.#groups.membersOf(process, incarnation))
      this.#dead.set(memberId, group)
    if (this.#dead.size > 0 && !this.#looking) this.#lookSoon()
  }

  #lookSoon(): void {
    this.#looking = true
    this.#clock.later(LOOK_MS, () => {
      this.#look().catch((error: unknown) => {
        if (!this.#clock.stopped) this.#onError(error)
      })
    })
  }

  async #look(): Promise<void> {
    for (const group of new Set(this.#dead.values())) {
      const members = await membersOf(this.#cluster, group)
      if (this.#clock.stopped) return
      for (const [memberId, its] of this.#dead) {
        if (its !== group || members.includes(memberId)) continue
        this.#dead.delete(memberId)
        this.#groups.removed(memberId, 'session-expired')
      }
    }
    this.#looking = false
    if (this.#dead.size > 0) this.#lookSoon()
  }
}
