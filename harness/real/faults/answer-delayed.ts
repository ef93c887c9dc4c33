import { BEGAN } from '../../faults/outcome.ts'
import type { Translation } from './world.interface.ts'

export const answerDelayed: Translation<'answer-delayed'> = {
  kind: 'answer-delayed',
  grade: 'exact',
  means: 'the gate holds the answer',
  begin({ target, durationMs }, world) {
    world.armRequest(target, { kind: 'delay-answer', ms: durationMs })
    return BEGAN
  },
}
