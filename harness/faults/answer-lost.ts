import { BEGAN } from './outcome.ts'
import type { FaultBehaviour } from './world.interface.ts'

/** The request is applied and its answer lost, with all that follows on its connection. */
export const answerLost: FaultBehaviour<'answer-lost'> = {
  kind: 'answer-lost',
  timing: 'at-once',
  begin({ target }, world) {
    world.armRequest(target, { kind: 'lose-answer' })
    return BEGAN
  },
}
