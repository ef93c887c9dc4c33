import { directionsOf } from './link.ts'
import { BEGAN, skipped } from './outcome.ts'
import type { FaultBehaviour } from './world.interface.ts'

/** Every open connection between the two hosts is reset; new ones may be made at once. */
export const linkReset: FaultBehaviour<'link-reset'> = {
  kind: 'link-reset',
  timing: 'next',
  begin({ target }, { network }) {
    const [first] = directionsOf(target) ?? []
    if (first === undefined) return skipped(`'${target}' is not a link; write a~b`)
    network.reset(first.from, first.to)
    return BEGAN
  },
}
