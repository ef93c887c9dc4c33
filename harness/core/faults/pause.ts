import { seconds } from '../seconds.ts'
import { fault } from './fault.ts'
import { ms } from './fields.ts'
import { IN_HANDS } from './phases.ts'
import { processEvent } from './shown-by.ts'
import { process } from './targets.ts'

/**
 * SIGSTOP for `durationMs`: the process resumes as a zombie that does not know how late it is.
 */
export const pause = fault({
  kind: 'pause',
  family: 'pause',
  target: process,
  fields: {
    durationMs: ms(({ timings, longExpelledMs, heartbeatMissedMs, outlastingMs }) => [
      longExpelledMs,
      heartbeatMissedMs,
      timings.rebalanceTimeoutMs + 40_000,
      ...outlastingMs,
    ]),
  },
  acts: 'lasting',
  spansSessions: true,
  stretches: 'process',
  first: 3,
  stays: true,
  phases: IN_HANDS,
  detour: [{}],
  handsOver: true,
  effect: 'SIGSTOP for `durationMs`, then it goes on as a zombie',
  words: ({ target, durationMs }) => `pause ${target} for ${seconds(durationMs)}`,
  shownBy: processEvent('process-paused'),
  told: () => null,
})
