import type { HOLD_MS, Place } from '../fault-menu.ts'
import type { Knowledge } from '../knowledge.ts'
import { drawHolds } from './draw.ts'
import type { Strategy } from './strategy.interface.ts'
import { tellingRings } from './telling.ts'

/** Half a second passes most other messages by; two come close to a heartbeat; then the small ones. */
const DURATIONS_MS: readonly (typeof HOLD_MS)[number][] = [500, 2_000, 50, 5]

/** Delay-bounded search (Emmi et al., POPL 2011): the default order plus every one hold, then two drawn by chance. */
export const deviations: Strategy = {
  name: 'deviations',
  planned: (knowledge) => placesOf(knowledge).length * DURATIONS_MS.length,
  next({ turn, random, knowledge }) {
    const places = placesOf(knowledge)
    if (places.length === 0) return null
    const place = places[turn % places.length]
    const durationMs = DURATIONS_MS[Math.floor(turn / places.length)]
    if (place !== undefined && durationMs !== undefined)
      return { ...knowledge.base, holds: [{ event: place.name, durationMs }] }
    return { ...knowledge.base, holds: drawHolds(random, 2, knowledge.calm) }
  },
}

const placesByKnowledge = new WeakMap<Knowledge, readonly Place[]>()

function placesOf(knowledge: Knowledge): readonly Place[] {
  const known = placesByKnowledge.get(knowledge)
  if (known !== undefined) return known
  const made = tellingRings(knowledge.calm.holdable).flat()
  placesByKnowledge.set(knowledge, made)
  return made
}
