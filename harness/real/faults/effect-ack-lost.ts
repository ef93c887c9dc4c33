import { BEGAN } from '../../faults/outcome.ts'
import type { Translation } from './world.interface.ts'

export const effectAckLost: Translation<'effect-ack-lost'> = {
  kind: 'effect-ack-lost',
  grade: 'exact',
  means: 'the outside world is the harness, does it and says that it failed',
  begin({ target }, world) {
    world.armRecord(target, { what: 'lose-effect-answer', times: 'once', delayUs: 0 })
    return BEGAN
  },
}
