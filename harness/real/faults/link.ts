import { type Direction, directionsOf } from '../../faults/link.ts'
import { type FaultStart, type Heal, skipped, until } from '../../faults/outcome.ts'

/** Does something to each direction of a link, and heals all of it together. */
export function onLink(link: string, act: (direction: Direction) => Heal | null): FaultStart {
  const directions = directionsOf(link)
  if (directions === null) return skipped(`'${link}' is not a link; write a~b or a>b`)
  const heals = directions.map(act)
  // Links between brokers are none of ours.
  if (heals.every((heal) => heal === null)) return skipped(`there is no link ${link}`)
  return until(() => {
    for (const heal of heals) heal?.()
  })
}
