import type { SimProcess } from '../sim/simulation.interface.ts'
import type { Incarnation, OutsideStep } from './scheduler.interface.ts'

/** An incarnation of a simulated process, in virtual time. */
export class LiveIncarnation implements Incarnation {
  readonly name: string
  readonly incarnation: number
  readonly after: Incarnation['after']
  readonly #process: SimProcess

  constructor(
    process: SimProcess,
    after: (delayUs: number, action: () => void, step: OutsideStep | undefined) => void,
  ) {
    this.name = process.name
    this.incarnation = process.incarnation
    this.after = after
    this.#process = process
  }

  get alive(): boolean {
    return this.#process.alive
  }
}
