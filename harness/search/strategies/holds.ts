import type { Hold } from '../../core/fault.ts'
import type { Stream } from '../../core/seed.ts'
import { canHold, HOLD_MS, type Place } from '../fault-menu.ts'

/** A hold of one of these events, or null where none can be held. */
export function drawHold(random: Stream, places: readonly Place[]): Hold | null {
  const candidates = holdable(places)
  return candidates.length === 0
    ? null
    : { event: random.pick(candidates).name, durationMs: random.pick(HOLD_MS) }
}

const holdableByPlaces = new WeakMap<readonly Place[], { length: number; found: readonly Place[] }>()

export function holdable(places: readonly Place[]): readonly Place[] {
  const known = holdableByPlaces.get(places)
  if (known !== undefined && known.length === places.length) return known.found
  const found = places.filter(canHold)
  holdableByPlaces.set(places, { length: places.length, found })
  return found
}
