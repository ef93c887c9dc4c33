import { seconds } from '../seconds.ts'
import { restarts } from './durations.ts'
import { fault } from './fault.ts'
import { ms } from './fields.ts'
import { processEvent } from './shown-by.ts'
import { process } from './targets.ts'

/** SIGTERM, then a new incarnation `restartMs` after the process has ended. */
export const gracefulRestart = fault({
  kind: 'graceful-restart',
  family: 'rebalance',
  target: process,
  fields: { restartMs: ms((durations) => restarts(durations).slice(0, 2)) },
  acts: 'instant',
  first: 4,
  phases: ['handling', 'rebalancing'],
  handsOver: true,
  effect: 'SIGTERM, and a new incarnation `restartMs` after its end',
  words: ({ target }) => `SIGTERM to ${target}`,
  afterwards: ({ restartMs }) => `, restart after ${seconds(restartMs)}`,
  shownBy: processEvent('process-terminating'),
  told: () => null,
})
