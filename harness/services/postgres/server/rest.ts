import { rowsOf } from '../rows.ts'
import type { Backend } from './backend.ts'

/** The first look at one that has not answered, and how looks grow rarer, in real milliseconds. */
const LOOK_MS_FIRST = 1
const LOOK_MS_MAX = 20
/**
 * Without a clock of ours a deadlock is looked for after this time (`deadlock_timeout`): a wait
 * that is longer goes on.
 */
export const REAL_DEADLOCK_MS = 20
const REAL_LOCKED_MS = 4 * REAL_DEADLOCK_MS

/** A backend that has not answered, as the server sees it. */
interface Waiting {
  readonly event: string | null
  readonly blocked: boolean
}

/**
 * Knows when all backends of a run are at rest: each has answered, waits for a lock of another one,
 * or for time to move on. As PostgreSQL's isolation tester does, it asks the server which of them
 * are blocked. One that is blocked is stopped by a signal: those that a commit sets free together
 * go on one at a time, in the order in which they came.
 */
export class Rest {
  readonly #control: Backend
  /** Alarms wait for us, so that processes can be stopped: the server has a clock of ours. */
  readonly #controlled: boolean
  #since = 0

  constructor(control: Backend, controlled: boolean) {
    this.#control = control
    this.#controlled = controlled
  }

  /** Resolves when none of these moves; `answered` is told of each as soon as it has. */
  async settle(backends: readonly Backend[], answered: (backend: Backend) => Promise<void>): Promise<void> {
    let lookMs = LOOK_MS_FIRST
    const startedMs = performance.now()
    for (;;) {
      const moving = backends.filter(({ state }) => state === 'moving')
      const done = moving.find((each) => each.ended || (each.answered && hasLooked(each)))
      if (done !== undefined) {
        done.state = 'idle'
        await answered(done)
        lookMs = LOOK_MS_FIRST
        continue
      }
      const [first] = moving
      if (first === undefined) return
      await first.change(lookMs)
      if (first.ended || first.answered) continue
      const patient = this.#controlled || performance.now() - startedMs > REAL_LOCKED_MS
      if (await this.#look(moving, patient)) lookMs = LOOK_MS_FIRST
      else lookMs = Math.min(LOOK_MS_MAX, 2 * lookMs)
    }
  }

  /** The first that waited for a lock and has it now, or null. */
  async nextFree(backends: readonly Backend[]): Promise<Backend | null> {
    const locked = backends.filter(({ state }) => state === 'locked').toSorted((a, b) => a.since - b.since)
    if (locked.length === 0) return null
    const waiting = await this.#ask(locked)
    return locked.find(({ pid }) => waiting.get(pid)?.blocked !== true) ?? null
  }

  /** Lets one go on that has its lock, or is to look at the time. */
  release(backend: Backend): void {
    if (this.#controlled) backend.signal('SIGCONT')
    backend.state = 'moving'
  }

  /** Whether any of them was found to wait. */
  async #look(moving: readonly Backend[], patient: boolean): Promise<boolean> {
    const waiting = await this.#ask(moving)
    let found = false
    for (const backend of moving) {
      const { event = null, blocked = false } = waiting.get(backend.pid) ?? {}
      if (backend.answered || !hasLooked(backend)) continue
      // What it waits for is told a moment before it does: until then a signal would be missed.
      if (backend.cell?.isWaiting === false) continue
      if (event === 'PgSleep' && this.#controlled) backend.state = 'asleep'
      else if (blocked && event !== null && patient) {
        backend.state = 'locked'
        this.#since += 1
        backend.since = this.#since
        if (this.#controlled) backend.signal('SIGSTOP')
      } else continue
      found = true
    }
    return found
  }

  async #ask(backends: readonly Backend[]): Promise<ReadonlyMap<number, Waiting>> {
    const pids = backends.map(({ pid }) => pid).join()
    const answer = await this.#control.ask(
      `select p, (select case when wait_event_type in ('Lock', 'IPC', 'Timeout') then wait_event end from pg_stat_get_activity(p)) as event,
        cardinality(pg_blocking_pids(p)) + cardinality(pg_safe_snapshot_blocking_pids(p)) as blockers from unnest('{${pids}}'::int[]) as p`,
    )
    return new Map(
      rowsOf(answer).map(({ p, event, blockers }) => [
        Number(p),
        { event: event ?? null, blocked: blockers !== '0' },
      ]),
    )
  }
}

/** Whether it has acted on the last signal that it was sent. */
function hasLooked(backend: Backend): boolean {
  if (backend.waitsBefore < 0) return true
  const { cell } = backend
  if (cell !== null && cell.waits <= backend.waitsBefore) return false
  backend.waitsBefore = -1
  return true
}
