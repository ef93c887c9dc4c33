import type { ServiceRow } from '../../core/service.ts'

/**
 * One database behind the protocol host. Everything is synchronous: a unit is one event of virtual
 * time.
 */
export interface PostgresEngine {
  /** `PGlite 0.5.17` */
  readonly name: string
  /** Whether two transactions are ever open at a time, so that locks, 40001 and 40P01 are real. */
  readonly concurrent: boolean
  /** Sessions that are possible at a time; null: any number. */
  readonly sessionsMax: number | null
  /** Exactly the state after the schema; randomness starts from `seed`. */
  reset(options: EngineRun): void
  open(session: number, parameters: ReadonlyMap<string, string>): void
  /**
   * Gives frontend messages up to Query, Sync or Flush. They are run now or when the session's turn
   * comes; `EngineRun.answered` is called for each unit, before the next one runs.
   */
  exec(session: number, unit: Uint8Array): void
  /** The connection is gone: what it had sent is done, then rollback; locks are freed. */
  close(session: number): void
  /** Messages of a server that a new session begins with: authentication and parameters. */
  readonly greeting: Uint8Array
  /** Committed rows; null: they can't be asked for at this moment. */
  ask(sql: string): readonly ServiceRow[] | null
}

/** A run as the engine sees it. */
export interface EngineRun {
  readonly seed: number
  /** Unix time in microseconds. */
  nowUs(): number
  after(delayUs: number, action: () => void): { cancel(): void }
  answered(answer: EngineAnswer): void
  /** The database has closed this session by itself, with these messages as its last. */
  ended(session: number, bytes: Uint8Array): void
}

export interface EngineAnswer {
  readonly session: number
  /** Backend messages. */
  readonly bytes: Uint8Array
  /** Duration of the unit by itself (`pg_sleep`), in microseconds. */
  readonly waitedUs: number
  /** A notification, which no unit of this session asked for: it ends none. */
  readonly unasked: boolean
}
