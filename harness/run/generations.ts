import type { Observation } from '../core/history.ts'

/** Completes what clients report: they do not say which generation an assignment belongs to, the coordinator does. */
export class Generations {
  /** By member id. */
  readonly #assigned: Map<string, number> = new Map()

  note(observation: Observation): void {
    if (observation.kind === 'assigned') this.#assigned.set(observation.memberId, observation.generation)
  }

  completed(observation: Observation): Observation {
    if (observation.kind !== 'believes') return observation
    const generation = this.#assigned.get(observation.memberId)
    return generation === undefined ? observation : { ...observation, generation }
  }
}
