import { BEGAN } from '../../faults/outcome.ts'
import type { Translation } from './world.interface.ts'

export const disconnectBefore: Translation<'disconnect-before'> = {
  kind: 'disconnect-before',
  grade: 'exact',
  means: 'the gate closes the connection and hands nothing on',
  begin({ target }, world) {
    world.armRequest(target, { kind: 'disconnect-before' })
    return BEGAN
  },
}
