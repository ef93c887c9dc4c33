import { skipped, until } from './outcome.ts'
import type { FaultBehaviour } from './world.interface.ts'

/** A machine's oscillator is off, and nothing corrects it before NTP does. */
export const clockDrift: FaultBehaviour<'clock-drift'> = {
  kind: 'clock-drift',
  timing: 'at-once',
  begin({ target, gainedMsPerSecond }, world) {
    const process = world.process(target)
    if (process === null) return skipped(`there is no ${target}`)
    process.clock.drift(gainedMsPerSecond)
    return until(() => process.clock.setRight())
  },
}
