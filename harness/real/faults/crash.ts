import { BEGAN, skipped } from '../../faults/outcome.ts'
import type { Translation } from './world.interface.ts'

export const crash: Translation<'crash'> = {
  kind: 'crash',
  grade: 'exact',
  means: 'SIGKILL, while the frame is held or the process waits',
  begin({ target, restartMs }, world) {
    const process = world.process(target)
    if (process === null || !process.running) return skipped(`${target} was not running`)
    const gone = process.crash({ restartMs })
    world.busy.add(() => gone)
    return BEGAN
  },
}
