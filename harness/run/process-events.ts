import type { Observation } from '../core/history.ts'
import type { ProcessEvent } from '../sim/simulation.interface.ts'

/** The observation that the history records for a process event. */
export function processObservation(event: ProcessEvent): Observation {
  const by = { process: event.process.name, incarnation: event.process.incarnation }
  switch (event.kind) {
    case 'started':
      return { kind: 'process-started', ...by }
    case 'crashed':
      return { kind: 'process-crashed', reason: event.reason, ...by }
    case 'paused':
      return { kind: 'process-paused', ...by }
    case 'resumed':
      return { kind: 'process-resumed', ...by }
    case 'terminating':
      return { kind: 'process-terminating', ...by }
    case 'exited':
      return { kind: 'process-exited', code: event.code, asked: event.asked, ...by }
    case 'shutdown-timeout':
      return { kind: 'shutdown-timeout', graceMs: event.graceMs, ...by }
  }
}
