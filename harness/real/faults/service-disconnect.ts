import { callsFrom } from '../../core/names.ts'
import { BEGAN } from '../../faults/outcome.ts'
import type { Translation } from './world.interface.ts'

export const serviceDisconnect: Translation<'service-disconnect'> = {
  kind: 'service-disconnect',
  grade: 'exact',
  means: 'the same service on a socket of this machine; context.store is the harness itself',
  begin({ target, times = 1 }, world) {
    for (const each of callsFrom(target, times)) world.armCall(each, { kind: 'break-before' })
    return BEGAN
  },
}
