import type { Fault, FaultKind, Hold } from '../../core/fault.ts'
import type { Stream } from '../../core/seed.ts'
import { faultsAt, HOLD_MS, type Place } from '../fault-menu.ts'
import type { Knowledge } from '../knowledge.ts'

/** Actor first: a process or a broker, then one of its events, then a kind that fits there, then its values. */
export function drawFault(random: Stream, { actors, menu }: Knowledge): Fault | null {
  if (actors.length === 0) return null
  const { place, kinds } = random.pick(random.pick(actors))
  return random.pick(faultsAt(random.pick(kinds), place, menu))
}

/** A fault of this kind at any place where it fits. */
export function drawFaultOf(kind: FaultKind, random: Stream, { byKind, menu }: Knowledge): Fault | null {
  const places = byKind.get(kind)
  return places === undefined ? null : random.pick(faultsAt(kind, random.pick(places), menu))
}

/** Up to `count` holds, all in one of the last runs, each point of it as likely as any other. */
export function drawHolds(random: Stream, count: number, { recent }: Knowledge): Hold[] {
  if (count === 0 || recent.length === 0) return []
  const places = random.pick(recent)
  const chosen = new Set(Array.from({ length: count }, () => random.pick(places)))
  return [...chosen].map((place) => drawHold(random, place))
}

function drawHold(random: Stream, { name }: Place): Hold {
  return { event: name, durationMs: random.pick(HOLD_MS) }
}

/** What `draw` gives, `count` times, without what it could not give. */
export function several<T>(count: number, draw: () => T | null): T[] {
  const drawn: T[] = []
  for (let index = 0; index < count; index += 1) {
    const one = draw()
    if (one !== null) drawn.push(one)
  }
  return drawn
}
