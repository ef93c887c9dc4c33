import type { EventOf, HistoryEvent } from '../core/history.ts'
import type { Progress } from '../run/progress.ts'

/**
 * How long nothing may happen before what is missing counts as missing, once nothing can be under
 * way.
 */
const SETTLED_MS = 8_000
/**
 * The same where a process waits for an answer, or has had none since it lost a request: clients
 * time out and back off.
 */
const OUT_OF_TOUCH_MS = 65_000
/** How many more, or fewer, requests wait for their answer. */
const UNANSWERED = { sent: 1, received: 0, applied: 0, acknowledged: -1, lost: -1 } as const
/** Events that can't bring anything about by themselves. */
const SILENT: ReadonlySet<HistoryEvent['kind']> = new Set(['request', 'fetched', 'phase'])

/**
 * Tells when nothing more is to be expected. A simulation waits 35 s for records and 65 s for
 * commits, which costs nothing there; here that is shortened, but only while every process has its
 * assignment, no member is left to be expelled, nothing of the schedule is to come, and nothing is
 * under way.
 */
export class Quiet {
  readonly #progress: Progress
  readonly #unassigned: Set<string> = new Set()
  /** Processes whose last request was lost. */
  readonly #outOfTouch: Set<string> = new Set()
  /** Requests that are answered at once, and have not been. */
  #unanswered = 0
  /** When the first of them was sent. */
  #askedUs = 0
  #lastUs = 0

  constructor(progress: Progress) {
    this.#progress = progress
  }

  observe(event: HistoryEvent): void {
    if (!SILENT.has(event.kind)) this.#lastUs = event.timeUs
    switch (event.kind) {
      case 'request':
        this.#follow(event)
        break
      case 'process-started':
      case 'revoked':
      case 'consumer-stopped':
        this.#unassigned.add(event.process)
        break
      case 'believes':
      case 'process-exited':
      case 'process-crashed':
        this.#unassigned.delete(event.process)
        if (event.kind !== 'believes') this.#outOfTouch.delete(event.process)
        break
      case 'consumer-crashed':
        // One that is not started again will never have an assignment.
        if (!event.restarts) this.#unassigned.delete(event.process)
    }
  }

  #follow({ api, phase, process, timeUs }: EventOf<'request'>): void {
    if (this.#unanswered === 0) this.#askedUs = timeUs
    if (api !== 'Fetch') this.#unanswered += UNANSWERED[phase]
    if (phase === 'lost') this.#outOfTouch.add(process)
    // A process that waited for an answer, or is answered again, goes on from here.
    const isBack = phase === 'acknowledged' && this.#outOfTouch.delete(process)
    if (isBack || (this.#unanswered === 0 && timeUs - this.#askedUs > SETTLED_MS * 1000))
      this.#lastUs = timeUs
  }

  /** @param under whether something is under way or still to come */
  isOver(nowUs: number, under: { readonly way: boolean }): boolean {
    if (this.#progress.working) return false
    const settled = !under.way && this.#unassigned.size === 0
    const atUs = this.#progress.finishedAtUs(!under.way)
    if (atUs === null) return false
    if (atUs <= nowUs) return true
    const touched = this.#outOfTouch.size === 0 && this.#unanswered === 0
    const settledMs = touched ? SETTLED_MS : OUT_OF_TOUCH_MS
    return settled && nowUs - this.#lastUs > settledMs * 1000
  }
}
