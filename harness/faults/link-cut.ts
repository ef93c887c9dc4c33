import { onLink } from './link.ts'
import type { FaultBehaviour } from './world.interface.ts'

/**
 * Packets are dropped: bytes wait for the link to heal, as TCP retransmits them; connecting hangs.
 */
export const linkCut: FaultBehaviour<'link-cut'> = {
  kind: 'link-cut',
  timing: 'next',
  begin: ({ target }, { network }) => onLink(target, ({ from, to }) => network.cut(from, to)),
}
