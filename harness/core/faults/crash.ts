import { seconds } from '../seconds.ts'
import { restarts } from './durations.ts'
import { type DefinedFault, fault } from './fault.ts'
import { ms } from './fields.ts'
import type { Moment } from './moment.ts'
import { PHASES } from './phases.ts'
import { processEvent } from './shown-by.ts'
import { process } from './targets.ts'

/**
 * SIGKILL: timers and sockets are gone, no `finally`, no LeaveGroup; restarted after `restartMs`.
 */
export const crash = fault({
  kind: 'crash',
  family: 'crash',
  target: process,
  fields: { restartMs: ms(restarts) },
  acts: 'instant',
  first: 1,
  stays: true,
  phases: PHASES.slice(1),
  handsOver: true,
  effect: 'SIGKILL: no `finally`, no LeaveGroup; restarted after `restartMs`',
  words: ({ target }) => `crash ${target}`,
  afterwards: ({ restartMs }) => `, restart after ${seconds(restartMs)}`,
  shownBy: processEvent('process-crashed'),
  told: () => null,
})

/** The plainest crash: the process is back soon. */
export function crashOf(target: string, at: Moment): DefinedFault<typeof crash> {
  return { kind: crash.kind, target, at, restartMs: 1_000 }
}
