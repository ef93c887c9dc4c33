import { BEGAN, skipped } from './outcome.ts'
import type { FaultBehaviour } from './world.interface.ts'

/**
 * The service is scaled in: SIGTERM, and nobody starts the process again before the drain needs
 * one.
 */
export const leave: FaultBehaviour<'leave'> = {
  kind: 'leave',
  timing: 'next',
  begin({ target }, world) {
    const process = world.process(target)
    if (process?.current == null) return skipped(`${target} was not running`)
    process.terminate({ graceMs: world.graceMs, restartMs: null })
    return BEGAN
  },
}
