import { onLink } from './link.ts'
import type { FaultBehaviour } from './world.interface.ts'

/** Every message on the link takes longer. */
export const linkLatency: FaultBehaviour<'link-latency'> = {
  kind: 'link-latency',
  timing: 'next',
  begin: ({ target, extraMs }, { network }) =>
    onLink(target, ({ from, to }) => network.slow(from, to, extraMs * 1000)),
}
