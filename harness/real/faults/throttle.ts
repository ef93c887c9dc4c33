import { directionsOf } from '../../faults/link.ts'
import { skipped, until } from '../../faults/outcome.ts'
import { brokerId } from './broker.ts'
import type { Translation } from './world.interface.ts'

export const throttle: Translation<'throttle'> = {
  kind: 'throttle',
  grade: 'approximate',
  means: 'the gate answers as a broker whose client is over its quota, and mutes the connection',
  begin({ target, throttleMs }, world) {
    const [direction] = directionsOf(target) ?? []
    if (direction === undefined) return skipped(`'${target}' is not a link; write process~broker`)
    const broker = brokerId(direction.to, world)
    if (broker === null) return skipped(`there is no ${direction.to}`)
    const client = { process: direction.from, broker }
    world.throttle(client, throttleMs)
    return until(() => world.throttle(client, null))
  },
}
