import { directionsOf } from './link.ts'
import { skipped, until } from './outcome.ts'
import type { FaultBehaviour } from './world.interface.ts'

/**
 * A client quota is exceeded at one broker: answers say so, and the connection is muted (KIP-219;
 * KAFKA.md T3).
 */
export const throttle: FaultBehaviour<'throttle'> = {
  kind: 'throttle',
  timing: 'next',
  begin({ target, throttleMs }, world) {
    const [direction] = directionsOf(target) ?? []
    if (direction === undefined) return skipped(`'${target}' is not a link; write process~broker`)
    const broker = world.broker(direction.to)
    if (broker === null) return skipped(`there is no ${direction.to}`)
    const client = { broker, process: direction.from }
    world.cluster.throttle(client, throttleMs)
    return until(() => world.cluster.throttle(client, null))
  },
}
