import type { Place } from '../../core/faults/place.ts'
import { INTERESTS, interestOf, sortOf } from '../fault-menu.ts'

/**
 * Places in rings, the most telling first; within a ring one of each sort of event in turn; and
 * within a sort not from first to last, but far apart (first, middle, quarters …), because
 * neighbours tend to show the same.
 */
export function tellingRings(
  places: readonly Place[],
  interest: typeof interestOf = interestOf,
): readonly (readonly Place[])[] {
  const rings = Map.groupBy(places, interest)
  return INTERESTS.map((interest) => {
    const sorts = Map.groupBy(rings.get(interest) ?? [], sortOf)
    return inTurn([...sorts.values()].map(farApart))
  })
}

/** One of each list, then the next of each, and so on. */
export function inTurn<T>(lists: readonly (readonly T[])[]): T[] {
  const longest = Math.max(0, ...lists.map(({ length }) => length))
  const turns = Array.from({ length: longest }, (_, index) =>
    lists.flatMap((list) => list.slice(index, index + 1)),
  )
  return turns.flat()
}

/** The list in van der Corput's order: by the bits of the index, reversed. */
function farApart<T>(list: readonly T[]): readonly T[] {
  const bits = Math.max(1, Math.ceil(Math.log2(list.length)))
  const order: T[] = []
  for (let index = 0; index < 2 ** bits; index += 1) {
    let reversed = 0
    for (let bit = 0; bit < bits; bit += 1) if ((index >> bit) & 1) reversed |= 1 << (bits - 1 - bit)
    order.push(...list.slice(reversed, reversed + 1))
  }
  return order
}
