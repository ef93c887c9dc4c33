import { skipped, until } from '../../faults/outcome.ts'
import type { Translation } from './world.interface.ts'

export const pause: Translation<'pause'> = {
  kind: 'pause',
  grade: 'exact',
  means: 'SIGSTOP, then SIGCONT',
  begin({ target }, world) {
    const process = world.process(target)
    if (process === null || !process.running) return skipped(`${target} was not running`)
    return until(process.pause())
  },
}
