import { BEGAN } from '../../faults/outcome.ts'
import type { Translation } from './world.interface.ts'

export const serviceAnswerLost: Translation<'service-answer-lost'> = {
  kind: 'service-answer-lost',
  grade: 'exact',
  means: 'the same service on a socket of this machine; context.store is the harness itself',
  begin({ target }, world) {
    world.armCall(target, { kind: 'break-after' })
    return BEGAN
  },
}
