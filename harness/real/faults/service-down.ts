import { skipped, until } from '../../faults/outcome.ts'
import type { Translation } from './world.interface.ts'

export const serviceDown: Translation<'service-down'> = {
  kind: 'service-down',
  grade: 'exact',
  means: 'context.store is the harness, in a simulation and here; there is no other service yet',
  begin(_, world) {
    const up = world.stopStore()
    return up === null ? skipped('the store is down') : until(up)
  },
}
