import type { Place } from '../../core/faults/place.ts'
import type { Knowledge } from '../knowledge.ts'
import { drawHolds } from './draw.ts'
import type { Strategy } from './strategy.interface.ts'
import { tellingRings } from './telling.ts'

/**
 * Delay-bounded search (Emmi et al., POPL 2011): the default order plus every one hold, then two
 * drawn by chance.
 */
export const deviations: Strategy = {
  name: 'deviations',
  planned: (knowledge) => placesOf(knowledge).length * durationsMs(knowledge).length,
  has: (_, knowledge) => placesOf(knowledge).length > 0,
  next({ turn, random, knowledge }) {
    const places = placesOf(knowledge)
    if (places.length === 0) return null
    const place = places[turn % places.length]
    const durationMs = durationsMs(knowledge)[Math.floor(turn / places.length)]
    if (place !== undefined && durationMs !== undefined)
      return { ...knowledge.base, holds: [{ event: place.name, durationMs }] }
    return { ...knowledge.base, holds: drawHolds(random, 2, knowledge.calm) }
  },
}

/**
 * Half a second passes most other messages by; the longest comes close to a heartbeat; then the
 * small ones.
 */
function durationsMs({ calm }: Knowledge): readonly number[] {
  const [tiny, small, half, long] = calm.menu.holdMs
  return [half, long, small, tiny]
}

const placesByKnowledge = new WeakMap<Knowledge, readonly Place[]>()

function placesOf(knowledge: Knowledge): readonly Place[] {
  const known = placesByKnowledge.get(knowledge)
  if (known !== undefined) return known
  const made = tellingRings(knowledge.calm.holdable).flat()
  placesByKnowledge.set(knowledge, made)
  return made
}
