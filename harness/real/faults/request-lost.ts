import { BEGAN } from '../../faults/outcome.ts'
import type { Translation } from './world.interface.ts'

export const requestLost: Translation<'request-lost'> = {
  kind: 'request-lost',
  grade: 'exact',
  means: 'the gate takes nothing up any more on that connection',
  begin({ target }, world) {
    world.armRequest(target, { kind: 'lose' })
    return BEGAN
  },
}
