import { onLink } from './link.ts'
import type { FaultBehaviour } from './world.interface.ts'

/** New connections are refused; open ones go on. */
export const linkRefuse: FaultBehaviour<'link-refuse'> = {
  kind: 'link-refuse',
  timing: 'next',
  begin: ({ target }, { network }) => onLink(target, ({ from, to }) => network.refuse(from, to)),
}
