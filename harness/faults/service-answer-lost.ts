import { BEGAN } from './outcome.ts'
import type { FaultBehaviour } from './world.interface.ts'

/** The call is done, and its connection is reset before the answer leaves. */
export const serviceAnswerLost: FaultBehaviour<'service-answer-lost'> = {
  kind: 'service-answer-lost',
  timing: 'at-once',
  begin({ target }, world) {
    world.armCall(target, { kind: 'break-after' })
    return BEGAN
  },
}
