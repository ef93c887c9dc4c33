import { BEGAN, skipped } from '../../faults/outcome.ts'
import type { Translation } from './world.interface.ts'

export const leave: Translation<'leave'> = {
  kind: 'leave',
  grade: 'exact',
  means: 'SIGTERM, and nobody starts it again before the drain',
  begin({ target }, world) {
    const process = world.process(target)
    if (process === null || !process.running) return skipped(`${target} was not running`)
    const heard = process.terminate({ graceMs: world.graceMs, restartMs: null })
    world.busy.add(() => heard)
    return BEGAN
  },
}
