import { BEGAN } from '../../faults/outcome.ts'
import type { Translation } from './world.interface.ts'

export const serviceError: Translation<'service-error'> = {
  kind: 'service-error',
  grade: 'exact',
  means: 'the same service on a socket of this machine; context.store is the harness itself',
  begin({ target, error, times }, world) {
    world.armCall(target, { kind: 'error', code: error }, times)
    return BEGAN
  },
}
