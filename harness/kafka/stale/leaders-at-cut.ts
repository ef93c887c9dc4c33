import type { StateTopic } from '../state-log/state-topic.ts'

/** The leader of each partition of a topic of coordinators, as of a cut. */
export class LeadersAtCut {
  readonly #leaders: readonly (number | null)[]

  constructor(log: Pick<StateTopic<unknown>, 'count' | 'leaderOf'>) {
    this.#leaders = Array.from({ length: log.count }, (_, index) => log.leaderOf(index))
  }

  /** Broker id, or null where none led. */
  leaderOf(index: number): number | null {
    return this.#leaders[index] ?? null
  }
}
