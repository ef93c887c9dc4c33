import { BEGAN } from './outcome.ts'
import type { FaultBehaviour } from './world.interface.ts'

/** The request is applied at once and answered late. */
export const answerDelayed: FaultBehaviour<'answer-delayed'> = {
  kind: 'answer-delayed',
  timing: 'at-once',
  begin({ target, durationMs }, world) {
    world.armRequest(target, { kind: 'delay-answer', ms: durationMs })
    return BEGAN
  },
}
