import { definitionOf } from '../../harness/core/fault.ts'
import type { EventOf, HistoryEvent } from '../../harness/core/history.ts'
import type { Noting, View } from './observing.ts'

/**
 * Whether what happened can be the work of faults. The rule is generous, because a false alarm is
 * worse than a silence: a fault explains what happened after `since` if it began after it, if it
 * may still have been acting then, or if the group, a process, a handler or a request was disturbed
 * after it and some fault had begun before. Which partition a fault touches is not asked: every
 * fault can end in a rebalance, and that touches them all. Without any fault nothing is explained:
 * the consumer's own crash, slow handler or rebalance is its own.
 */
export class Faults implements View {
  begun = 0
  #lastBegan: HistoryEvent | null = null
  #lastDisturbance = -1
  readonly #acting: Map<number, EventOf<'fault'>> = new Map()

  readonly noting: Noting = {
    fault: (event) => {
      if (event.phase === 'ends') {
        this.#acting.delete(event.index)
        // It was acting until now, and what it held back happens after it.
        this.#disturb(event)
        return
      }
      this.begun += 1
      this.#lastBegan = event
      if (definitionOf(event.fault.kind).acts !== 'instant') this.#acting.set(event.index, event)
    },
    rebalance: (event) => this.#disturb(event),
    generation: (event) => this.#disturb(event),
    believes: (event) => this.#disturb(event),
    revoked: (event) => this.#disturb(event),
    'member-removed': (event) => this.#disturb(event),
    'process-started': (event) => this.#disturb(event),
    'process-crashed': (event) => this.#disturb(event),
    'process-exited': (event) => this.#disturb(event),
    'process-paused': (event) => this.#disturb(event),
    'process-resumed': (event) => this.#disturb(event),
    'consumer-crashed': (event) => this.#disturb(event),
    'handler-failure': (event) => this.#disturb(event),
    'effect-failure': (event) => this.#disturb(event),
    'offset-removed': (event) => this.#disturb(event),
    'offset-set': (event) => this.#disturb(event),
    truncated: (event) => this.#disturb(event),
    'batch-end': (event) => {
      if (event.error !== null) this.#disturb(event)
    },
    request: (event) => {
      if (event.phase === 'lost' || event.error !== null) this.#disturb(event)
    },
    commit: (event) => {
      if (event.phase === 'rejected' || event.phase === 'lost') this.#disturb(event)
    },
  }

  /** Whether a fault can have brought about what came after the event with this number. */
  explain(since: number): boolean {
    if (this.#lastBegan === null) return false
    return this.#lastBegan.seq > since || this.#acting.size > 0 || this.#lastDisturbance > since
  }

  #disturb({ seq }: HistoryEvent): void {
    this.#lastDisturbance = seq
  }
}
