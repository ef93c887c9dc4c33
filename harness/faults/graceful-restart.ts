import { BEGAN, skipped } from './outcome.ts'
import type { FaultBehaviour } from './world.interface.ts'

/** SIGTERM, as a rolling deployment sends it, and a new incarnation after the old one has ended. */
export const gracefulRestart: FaultBehaviour<'graceful-restart'> = {
  kind: 'graceful-restart',
  timing: 'next',
  begin({ target, restartMs }, world) {
    const process = world.process(target)
    if (process?.current == null) return skipped(`${target} was not running`)
    process.terminate({ graceMs: world.graceMs, restartMs })
    return BEGAN
  },
}
