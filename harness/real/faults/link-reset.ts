import { directionsOf } from '../../faults/link.ts'
import { BEGAN, skipped } from '../../faults/outcome.ts'
import type { Translation } from './world.interface.ts'

export const linkReset: Translation<'link-reset'> = {
  kind: 'link-reset',
  grade: 'approximate',
  means: 'reset_peer in Toxiproxy, which ends open connections with FIN',
  begin({ target }, world) {
    const [first] = directionsOf(target) ?? []
    if (first === undefined) return skipped(`'${target}' is not a link; write a~b`)
    const { from, to } = first
    return world.links.reset(from, to, () => world.nudge(from, to))
      ? BEGAN
      : skipped(`there is no link ${target}`)
  },
}
