import { seconds } from '../seconds.ts'
import { fault, network } from './fault.ts'
import { ms } from './fields.ts'
import { link } from './targets.ts'

/**
 * The broker (`a~b`) lets the process have one request each `throttleMs`, for `durationMs`. What
 * comes sooner is answered at once, throttled for `throttleMs`: a Fetch without records, and the
 * connection is muted for as long.
 */
export const throttle = fault({
  kind: 'throttle',
  family: 'quota',
  target: link,
  fields: {
    throttleMs: ms(({ timings, expelledMs }) => [3 * timings.heartbeatIntervalMs + 1_000, 1_000, expelledMs]),
    durationMs: ms(() => [60_000]),
  },
  acts: 'lasting',
  spansSessions: true,
  effect:
    'the broker lets the process have one request each `throttleMs`, for `durationMs`: one that comes sooner is answered at once, told `throttle_time_ms`, a Fetch without records, and its connection is muted for as long (KIP-219)',
  words: ({ target, throttleMs, durationMs }) =>
    `throttle ${target} to a request each ${seconds(throttleMs)} for ${seconds(durationMs)}`,
  told: ({ target }) => network(`${target} is throttled`),
})
