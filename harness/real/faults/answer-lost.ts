import { BEGAN } from '../../faults/outcome.ts'
import type { Translation } from './world.interface.ts'

export const answerLost: Translation<'answer-lost'> = {
  kind: 'answer-lost',
  grade: 'exact',
  means: 'the gate hands nothing back any more on that connection',
  begin({ target }, world) {
    world.armRequest(target, { kind: 'lose-answer' })
    return BEGAN
  },
}
