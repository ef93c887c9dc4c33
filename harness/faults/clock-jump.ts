import { skipped, until } from './outcome.ts'
import type { FaultBehaviour } from './world.interface.ts'

/** A machine's clock is set by hand, or it comes back from a snapshot, and NTP sets it right. */
export const clockJump: FaultBehaviour<'clock-jump'> = {
  kind: 'clock-jump',
  timing: 'at-once',
  begin({ target, byMs }, world) {
    const process = world.process(target)
    if (process === null) return skipped(`there is no ${target}`)
    process.clock.jump(byMs)
    return until(() => process.clock.setRight())
  },
}
