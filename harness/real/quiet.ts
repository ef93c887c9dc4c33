import type { HistoryEvent } from '../core/history.ts'
import type { Progress } from '../run/progress.ts'

/**
 * How long nothing may happen before what is missing counts as missing, once nothing can be under
 * way.
 */
const SETTLED_MS = 8_000
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
  #lastUs = 0

  constructor(progress: Progress) {
    this.#progress = progress
  }

  observe(event: HistoryEvent): void {
    if (!SILENT.has(event.kind)) this.#lastUs = event.timeUs
    switch (event.kind) {
      case 'process-started':
      case 'revoked':
      case 'consumer-stopped':
        this.#unassigned.add(event.process)
        break
      case 'believes':
      case 'process-exited':
      case 'process-crashed':
        this.#unassigned.delete(event.process)
        break
      case 'consumer-crashed':
        // One that is not started again will never have an assignment.
        if (!event.restarts) this.#unassigned.delete(event.process)
    }
  }

  /** @param under whether something is under way or still to come */
  isOver(nowUs: number, under: { readonly way: boolean }): boolean {
    if (this.#progress.working) return false
    const settled = !under.way && this.#unassigned.size === 0
    const atUs = this.#progress.finishedAtUs(!under.way)
    if (atUs === null) return false
    if (atUs <= nowUs) return true
    return settled && nowUs - this.#lastUs > SETTLED_MS * 1000
  }
}
