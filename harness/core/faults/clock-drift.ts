import { seconds } from '../seconds.ts'
import { fault } from './fault.ts'
import { ms, signedMs } from './fields.ts'
import { process } from './targets.ts'

const HOUR_MS = 3_600_000

/**
 * The wall clock of the process's machine gains `gainedMsPerSecond` (loses, where it is negative),
 * and is set right after `durationMs`. Timers and monotonic clocks keep their pace.
 */
export const clockDrift = fault({
  kind: 'clock-drift',
  family: 'clock',
  target: process,
  fields: {
    // In a minute as much as a real clock gains in months.
    gainedMsPerSecond: signedMs(() => [500, -500, 100, -100]),
    durationMs: ms(({ leftBehindMs }) => [leftBehindMs, HOUR_MS]),
  },
  acts: 'lasting',
  stretches: 'process',
  stays: true,
  effect:
    "its machine's wall clock (`Date`) gains `gainedMsPerSecond`, or loses where it is negative, and is set right after `durationMs`; timers keep their pace",
  words: ({ target, gainedMsPerSecond, durationMs }) =>
    `let the clock of ${target} ${gains(gainedMsPerSecond)} for ${seconds(durationMs)}`,
  told: ({ target, gainedMsPerSecond }) => ({
    lane: target,
    text: `its clock begins to ${gains(gainedMsPerSecond)}`,
    mark: 'trouble',
  }),
})

function gains(msPerSecond: number): string {
  return `${msPerSecond < 0 ? 'lose' : 'gain'} ${Math.abs(msPerSecond)} ms a second`
}
