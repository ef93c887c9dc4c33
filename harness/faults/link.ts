import { parseLinkName } from '../core/names.ts'
import type { Cancel } from '../sim/simulation.interface.ts'
import type { Heal } from './world.interface.ts'

export interface Direction {
  readonly from: string
  readonly to: string
}

/** `a~b`: both directions; `a>b`: one. Null where the name is neither. */
export function directionsOf(link: string): readonly Direction[] | null {
  const parsed = parseLinkName(link)
  if (parsed === null) return null
  const { from, to, oneWay } = parsed
  return oneWay
    ? [{ from, to }]
    : [
        { from, to },
        { from: to, to: from },
      ]
}

/** Does something to each direction of a link, and heals all of it together. */
export function onLink(link: string, act: (direction: Direction) => Cancel): Heal | string {
  const directions = directionsOf(link)
  if (directions === null) return `'${link}' is not a link; write a~b or a>b`
  const cancels = directions.map(act)
  return () => {
    for (const each of cancels) each.cancel()
  }
}
