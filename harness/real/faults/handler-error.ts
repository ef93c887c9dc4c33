import { BEGAN } from '../../faults/outcome.ts'
import type { Translation } from './world.interface.ts'

export const handlerError: Translation<'handler-error'> = {
  kind: 'handler-error',
  grade: 'exact',
  means: 'the error is thrown in the process in place of the handler',
  begin({ target, times }, world) {
    world.armRecord(target, { what: 'fail-handler', times, delayUs: 0 })
    return BEGAN
  },
}
