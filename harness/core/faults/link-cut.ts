import { linkName } from '../names.ts'
import { seconds } from '../seconds.ts'
import { different } from './durations.ts'
import { fault, network } from './fault.ts'
import { ms } from './fields.ts'
import { isSent, link } from './targets.ts'

/** Bytes wait for the link to heal, as TCP retransmits; new connections hang. */
export const linkCut = fault({
  kind: 'link-cut',
  family: 'network',
  target: link,
  fields: {
    durationMs: ms(({ timings, givenUpMs, leftBehindMs, outlastingMs }) =>
      different(
        givenUpMs,
        timings.heartbeatIntervalMs - 1_000,
        leftBehindMs,
        timings.sessionTimeoutMs + 5_000,
        ...outlastingMs,
      ),
    ),
  },
  acts: 'lasting',
  spansSessions: true,
  stretches: 'surroundings',
  handsOver: true,
  effect: 'bytes wait until it heals, connecting hangs',
  words: ({ target, durationMs }) => `cut ${target} for ${seconds(durationMs)}`,
  told: ({ target }) => network(`${target} is cut`),
  targets({ event }) {
    if (!isSent(event)) return []
    const there = { from: event.process, to: event.broker }
    const back = { from: event.broker, to: event.process }
    return [
      linkName({ ...there, oneWay: false }),
      linkName({ ...there, oneWay: true }),
      linkName({ ...back, oneWay: true }),
    ]
  },
})
