import { BEGAN, skipped } from './outcome.ts'
import type { FaultBehaviour } from './world.interface.ts'

/**
 * SIGKILL. Bytes that were already written still travel; nothing else of the process happens again.
 */
export const crash: FaultBehaviour<'crash'> = {
  kind: 'crash',
  timing: 'at-once',
  begin({ target, restartMs }, world) {
    const process = world.process(target)
    if (process?.current == null) return skipped(`${target} was not running`)
    process.crash({ restartMs })
    return BEGAN
  },
}
