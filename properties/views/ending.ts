import type { EventOf } from '../../harness/core/history.ts'
import type { Noting, View } from './observing.ts'

/** Whether the history reached its end: what is missing then will never come. */
export class Ending implements View {
  reached = false
  /** The drain ran into its deadline: something was still to be done. */
  deadline: EventOf<'drain-deadline'> | null = null
  drain: EventOf<'phase'> | null = null

  readonly noting: Noting = {
    phase: (event) => {
      if (event.phase === 'drain') this.drain = event
      if (event.phase === 'end') this.reached = true
    },
    'drain-deadline': (event) => {
      this.reached = true
      this.deadline = event
    },
  }
}
