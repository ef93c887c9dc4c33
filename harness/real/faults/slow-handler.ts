import { BEGAN } from '../../faults/outcome.ts'
import type { Translation } from './world.interface.ts'

export const slowHandler: Translation<'slow-handler'> = {
  kind: 'slow-handler',
  grade: 'exact',
  means: 'the handler waits in its process, or its effect in the outside world',
  begin({ target, durationMs }, world) {
    world.armRecord(target, { what: 'slow', times: 'once', delayUs: durationMs * 1000 })
    return BEGAN
  },
}
