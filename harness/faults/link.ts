import { parseLinkName } from '../core/names.ts'
import type { Cancel } from '../sim/simulation.interface.ts'
import { type FaultStart, skipped, until } from './outcome.ts'

export interface Direction {
  readonly from: string
  readonly to: string
}

/** `a~b`: both directions; `a>b`: one. Null where the name is neither. */
export function directionsOf(name: string): readonly Direction[] | null {
  const link = parseLinkName(name)
  if (link === null) return null
  const { from, to, oneWay } = link
  return oneWay
    ? [{ from, to }]
    : [
        { from, to },
        { from: to, to: from },
      ]
}

/** Does something to each direction of a link, and heals all of it together. */
export function onLink(name: string, act: (direction: Direction) => Cancel): FaultStart {
  const directions = directionsOf(name)
  if (directions === null) return skipped(`'${name}' is not a link; write a~b or a>b`)
  const cancels = directions.map(act)
  return until(() => {
    for (const each of cancels) each.cancel()
  })
}
