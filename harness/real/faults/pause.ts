import { skipped, until } from '../../faults/outcome.ts'
import type { Translation } from './world.interface.ts'

export const pause: Translation<'pause'> = {
  kind: 'pause',
  grade: 'exact',
  means: 'SIGSTOP at the end of a turn of its loop, then SIGCONT',
  begin({ target }, world) {
    const process = world.process(target)
    if (process === null || !process.running) return skipped(`${target} was not running`)
    const { stopped, resume } = process.pause()
    world.busy.add(() => stopped)
    return until(resume)
  },
}
