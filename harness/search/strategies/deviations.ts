import type { Hold } from '../../core/fault.ts'
import type { Stream } from '../../core/seed.ts'
import { HOLD_MS } from '../fault-menu.ts'
import { drawHold, holdable } from './holds.ts'
import type { Knowledge, Strategy } from './strategy.interface.ts'

/** The default order plus every one hold, then two by chance. */
export class Deviations implements Strategy {
  readonly name = 'deviations'
  #position = 0

  next(random: Stream, { base, calm }: Knowledge): ReturnType<Strategy['next']> {
    const places = holdable(calm)
    if (places.length === 0) return null
    const index = this.#position
    this.#position += 1
    const place = places[index % places.length]
    const durationMs = HOLD_MS[Math.floor(index / places.length)]
    if (place !== undefined && durationMs !== undefined)
      return { ...base, holds: [{ event: place.name, durationMs }] }
    const holds = [drawHold(random, calm), drawHold(random, calm)].filter(
      (hold): hold is Hold => hold !== null,
    )
    return { ...base, holds }
  }
}
