import { seconds } from '../seconds.ts'
import { fault, network } from './fault.ts'
import { ms } from './fields.ts'
import { link } from './targets.ts'

/** Every message on the link takes `extraMs` longer, for `durationMs`. */
export const linkLatency = fault({
  kind: 'link-latency',
  family: 'network',
  target: link,
  fields: {
    extraMs: ms(({ heartbeatMissedMs }) => [500, heartbeatMissedMs]),
    durationMs: ms(() => [30_000]),
  },
  acts: 'lasting',
  spansSessions: true,
  stretches: 'surroundings',
  effect: 'every message takes `extraMs` longer for `durationMs`',
  words: ({ target, extraMs, durationMs }) =>
    `slow down ${target} by ${seconds(extraMs)} for ${seconds(durationMs)}`,
  told: ({ target }) => network(`${target} is slow`),
})
