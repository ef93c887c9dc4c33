import { seconds } from '../seconds.ts'
import { fault } from './fault.ts'
import { ms, signedMs } from './fields.ts'
import { process } from './targets.ts'

const HOUR_MS = 3_600_000

/**
 * The wall clock of the process's machine is wrong by `byMs` (behind where it is negative), and
 * set right after `durationMs`. Timers and monotonic clocks go on as they were.
 */
export const clockJump = fault({
  kind: 'clock-jump',
  family: 'clock',
  target: process,
  fields: {
    // What an hour passes over, a shorter jump mostly does not: it is tried first.
    byMs: signedMs(({ longExpelledMs }) => [HOUR_MS, -HOUR_MS, longExpelledMs, -longExpelledMs]),
    durationMs: ms(({ leftBehindMs }) => [leftBehindMs]),
  },
  acts: 'lasting',
  stretches: 'process',
  stays: true,
  effect:
    "its machine's wall clock (`Date`) jumps by `byMs`, back where it is negative, and is set right after `durationMs`; timers go on",
  words: ({ target, byMs, durationMs }) =>
    `set the clock of ${target} ${seconds(Math.abs(byMs))} ${byMs < 0 ? 'back' : 'ahead'} for ${seconds(durationMs)}`,
  told: ({ target, byMs }) => ({
    lane: target,
    text: `its clock jumps ${seconds(Math.abs(byMs))} ${byMs < 0 ? 'back' : 'ahead'}`,
    mark: 'trouble',
  }),
})
