import { BEGAN } from '../../faults/outcome.ts'
import type { Translation } from './world.interface.ts'

export const serviceSlow: Translation<'service-slow'> = {
  kind: 'service-slow',
  grade: 'exact',
  means: 'context.store is the harness, in a simulation and here; there is no other service yet',
  begin({ target, durationMs }, world) {
    world.armCall(target, { kind: 'slow', delayUs: durationMs * 1000 })
    return BEGAN
  },
}
