import { BEGAN } from '../../faults/outcome.ts'
import type { Translation } from './world.interface.ts'

export const serviceDisconnect: Translation<'service-disconnect'> = {
  kind: 'service-disconnect',
  grade: 'exact',
  means: 'the same service on a socket of this machine; context.store is the harness itself',
  begin({ target, times }, world) {
    world.armCall(target, { kind: 'break-before' }, times)
    return BEGAN
  },
}
