import { BEGAN } from '../../faults/outcome.ts'
import type { Translation } from './world.interface.ts'

export const requestError: Translation<'request-error'> = {
  kind: 'request-error',
  grade: 'exact',
  means: 'the gate answers, and the broker never sees it',
  begin({ target, error, times }, world) {
    world.armRequest(target, { kind: 'error', error }, times)
    return BEGAN
  },
}
