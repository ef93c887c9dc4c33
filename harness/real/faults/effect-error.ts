import { BEGAN } from '../../faults/outcome.ts'
import type { Translation } from './world.interface.ts'

export const effectError: Translation<'effect-error'> = {
  kind: 'effect-error',
  grade: 'exact',
  means: 'the outside world is the harness, and refuses',
  begin({ target, times }, world) {
    world.armRecord(target, { what: 'fail-effect', times, delayUs: 0 })
    return BEGAN
  },
}
