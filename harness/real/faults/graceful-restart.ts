import { BEGAN, skipped } from '../../faults/outcome.ts'
import type { Translation } from './world.interface.ts'

export const gracefulRestart: Translation<'graceful-restart'> = {
  kind: 'graceful-restart',
  grade: 'exact',
  means: 'SIGTERM, and a new process after the exit',
  begin({ target, restartMs }, world) {
    const process = world.process(target)
    if (process === null || !process.running) return skipped(`${target} was not running`)
    const heard = process.terminate({ graceMs: world.graceMs, restartMs })
    world.busy.add(() => heard)
    return BEGAN
  },
}
