import { skipped, until } from './outcome.ts'
import type { FaultBehaviour } from './world.interface.ts'

/**
 * SIGSTOP, a long garbage collection, a stalled virtual machine: the process resumes as a zombie.
 */
export const pause: FaultBehaviour<'pause'> = {
  kind: 'pause',
  timing: 'at-once',
  begin({ target, durationMs }, world) {
    const process = world.process(target)
    if (process?.current == null) return skipped(`${target} was not running`)
    process.pause(durationMs)
    return until(() => process.resume())
  },
}
