import { BEGAN } from '../../faults/outcome.ts'
import type { Translation } from './world.interface.ts'

export const serviceError: Translation<'service-error'> = {
  kind: 'service-error',
  grade: 'exact',
  means: 'context.store is the harness, in a simulation and here; there is no other service yet',
  begin({ target, error }, world) {
    world.armCall(target, { kind: 'error', code: error })
    return BEGAN
  },
}
