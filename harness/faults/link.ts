import type { LinkName } from '../core/fault.ts'
import type { Cancel } from '../sim/simulation.interface.ts'
import type { Heal } from './world.interface.ts'

export interface Direction {
  readonly from: string
  readonly to: string
}

/** `a~b`: both directions; `a>b`: one. Null where the name is neither. */
export function directionsOf(link: LinkName): readonly Direction[] | null {
  const both = link.split('~')
  if (both.length === 2) {
    const [a = '', b = ''] = both
    return [
      { from: a, to: b },
      { from: b, to: a },
    ]
  }
  const one = link.split('>')
  if (one.length === 2) {
    const [from = '', to = ''] = one
    return [{ from, to }]
  }
  return null
}

/** Does something to each direction of a link, and heals all of it together. */
export function onLink(link: LinkName, act: (direction: Direction) => Cancel): Heal | string {
  const directions = directionsOf(link)
  if (directions === null) return `'${link}' is not a link; write a~b or a>b`
  const cancels = directions.map(act)
  return () => {
    for (const each of cancels) each.cancel()
  }
}
