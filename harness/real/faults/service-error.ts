import { callsFrom } from '../../core/names.ts'
import { BEGAN } from '../../faults/outcome.ts'
import type { Translation } from './world.interface.ts'

export const serviceError: Translation<'service-error'> = {
  kind: 'service-error',
  grade: 'exact',
  means: 'the same service on a socket of this machine; context.store is the harness itself',
  begin({ target, error, times = 1 }, world) {
    for (const each of callsFrom(target, times)) world.armCall(each, { kind: 'error', code: error })
    return BEGAN
  },
}
