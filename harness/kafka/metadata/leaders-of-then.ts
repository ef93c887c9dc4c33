import type { StateTopic } from '../internal/state-topic.ts'

/** Who led each partition of a topic of coordinators. */
export class LeadersOfThen {
  readonly #leaders: readonly (number | null)[]

  constructor(log: Pick<StateTopic<unknown>, 'count' | 'leaderOf'>) {
    this.#leaders = Array.from({ length: log.count }, (_, index) => log.leaderOf(index))
  }

  /** Broker id, or null where none led. */
  leaderOf(index: number): number | null {
    return this.#leaders[index] ?? null
  }
}
