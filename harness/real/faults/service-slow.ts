import { BEGAN } from '../../faults/outcome.ts'
import type { Translation } from './world.interface.ts'

export const serviceSlow: Translation<'service-slow'> = {
  kind: 'service-slow',
  grade: 'exact',
  means: 'the same service on a socket of this machine; context.store is the harness itself',
  begin({ target, durationMs }, world) {
    world.armCall(target, { kind: 'slow', delayUs: durationMs * 1000 })
    return BEGAN
  },
}
