import { BEGAN } from '../../faults/outcome.ts'
import type { Translation } from './world.interface.ts'

export const serviceDisconnect: Translation<'service-disconnect'> = {
  kind: 'service-disconnect',
  grade: 'exact',
  means: 'context.store is the harness, in a simulation and here; there is no other service yet',
  begin({ target }, world) {
    world.armCall(target, { kind: 'break-before' })
    return BEGAN
  },
}
