import { appOf } from '../core/processes.ts'

/**
 * Processes that have started, or given their assignment up, and have no new one yet. Processes of
 * an app that consumes nothing (a relay, a probe) never get one, and are not waited for.
 */
export class Unassigned {
  readonly #waiting: Set<string> = new Set()
  /** Apps of which a process has subscribed to something. */
  readonly #consuming: Set<string> = new Set()
  /** Processes of the others. */
  readonly #idle: Set<string> = new Set()

  get any(): boolean {
    return this.#waiting.size > 0
  }

  started(process: string): void {
    if (this.#consuming.has(appOf(process))) this.#waiting.add(process)
    else this.#idle.add(process)
  }

  subscribed(process: string): void {
    const app = appOf(process)
    if (this.#consuming.has(app)) return
    this.#consuming.add(app)
    for (const each of this.#idle) {
      if (appOf(each) !== app) continue
      this.#idle.delete(each)
      this.#waiting.add(each)
    }
  }

  gaveUp(process: string): void {
    this.#waiting.add(process)
  }

  /** The process has an assignment, or has ended. */
  done(process: string): void {
    this.#waiting.delete(process)
    this.#idle.delete(process)
  }
}
