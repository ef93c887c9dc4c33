import { BEGAN } from '../../faults/outcome.ts'
import type { Translation } from './world.interface.ts'

export const requestDelayed: Translation<'request-delayed'> = {
  kind: 'request-delayed',
  grade: 'exact',
  means: 'the gate holds it, and what follows on the connection',
  begin({ target, durationMs }, world) {
    world.armRequest(target, { kind: 'delay', ms: durationMs })
    return BEGAN
  },
}
