import { requestsFrom } from '../../core/names.ts'
import { BEGAN } from '../../faults/outcome.ts'
import type { Translation } from './world.interface.ts'

export const requestError: Translation<'request-error'> = {
  kind: 'request-error',
  grade: 'exact',
  means: 'the gate answers, and the broker never sees it',
  begin({ target, error, times = 1 }, world) {
    for (const each of requestsFrom(target, times)) world.armRequest(each, { kind: 'error', error })
    return BEGAN
  },
}
