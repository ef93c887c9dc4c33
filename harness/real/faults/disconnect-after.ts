import { BEGAN } from '../../faults/outcome.ts'
import type { Translation } from './world.interface.ts'

export const disconnectAfter: Translation<'disconnect-after'> = {
  kind: 'disconnect-after',
  grade: 'exact',
  means: 'the gate closes the connection once the broker has answered',
  begin({ target }, world) {
    world.armRequest(target, { kind: 'disconnect-after' })
    return BEGAN
  },
}
