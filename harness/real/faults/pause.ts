import { skipped, until } from '../../faults/outcome.ts'
import type { Translation } from './world.interface.ts'

export const pause: Translation<'pause'> = {
  kind: 'pause',
  grade: 'exact',
  means: 'SIGSTOP at the end of the turn of its loop that it is in, then SIGCONT',
  begin({ target }, world) {
    const process = world.process(target)
    if (process === null || !process.running) return skipped(`${target} was not running`)
    return until(process.pause())
  },
}
