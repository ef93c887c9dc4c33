/**
 * A service beside the brokers, as it stands in a scenario's `services`: a simulated host at which
 * the app's own client connects. Make your own with this interface, or use `onceover/postgres`. All
 * of it is synchronous: what a service does takes no real time, and what is to take virtual time
 * goes through `ServiceRun.after` and `ServiceConnection.write`.
 */
export interface Service {
  /** Where it listens if the scenario's name for it has no port: 5432. */
  readonly port: number
  /**
   * Codes of errors of its own that it can be made to answer instead of doing what it was asked:
   * `40001`. Faults of the kind `service-error` choose among them.
   */
  readonly errors?: readonly ServiceErrorCode[]
  /**
   * Once, before the first run: what takes long. Sentences about what it can't show go into the
   * report.
   */
  prepare?(setting: ServiceSetting): Promise<ServiceAbout>
  /** A check of the scenario has ended: what takes memory can go, until `prepare` comes again. */
  release?(): void
  /** Before each run: everything is as it was at the beginning of the first. */
  reset(run: ServiceRun): void
  /** A client has connected. Sets what the connection is to call. */
  accept(connection: ServiceConnection): void
  /** Names the calls of one connection. Without it no fault can stand at a call. */
  reader?(): CallReader
  /**
   * Committed rows, for `effects: { from, query }`; null: the service can't be asked now, and
   * nothing can have changed.
   * @throws Error whose message says what is wrong with the query
   */
  ask?(query: string): readonly ServiceRow[] | null
}

export interface ServiceSetting {
  /** Its name in the scenario: `db`. */
  readonly name: string
  /** Folder of the scenario's file: relative paths start there. */
  readonly folder: string
}

export interface ServiceAbout {
  /** Remarks that a reader of the verdict needs, a sentence each. */
  readonly remarks: readonly string[]
  /** Product behind it, where it can be one or another: `PostgreSQL 15.18`. */
  readonly version?: string
}

/** One row, its columns by name, as text. */
export type ServiceRow = Readonly<Record<string, string | null>>

/** The run that a service is in, as far as the service is concerned. */
export interface ServiceRun {
  /** Virtual microseconds since the start of the run. */
  readonly nowUs: number
  /** Unix time in microseconds when virtual time is 0. */
  readonly epochUs: number
  /** Chance of this run, as a whole number of 32 bits. */
  readonly seed: number
  after(delayUs: number, action: () => void): { cancel(): void }
  /**
   * From here on the run needs what this service can't show: the run ends, and says nothing about
   * the app.
   * @param what as the subject of a sentence: `two transactions at a time`
   */
  outside(what: string): void
  /**
   * The app asks for what this service can't give: the scenario can't be checked.
   * @param does what the process does, as a verb: `runs LISTEN`
   * @param instead what to write instead
   */
  refuse(process: string, does: string, instead: string): void
}

/** The far (server) end of a connection. */
export interface ServerEnd {
  /** Host that connected: `consumer-0`. */
  readonly client: string
  onData: (bytes: Buffer) => void
  /** The client half-closed (FIN). */
  onEnd: () => void
  /** The connection is gone, by reset or after both ends closed. Called once. */
  onClose: () => void
  /** `extraUs` lets this write, and so all that follow it, leave later. */
  write(bytes: Buffer, extraUs?: number): void
  /** FIN after what was written. */
  end(): void
  /** RST now. */
  reset(): void
}

/** The service's end of a connection. */
export interface ServiceConnection extends ServerEnd {
  /**
   * The next call has arrived, of a service that names them. Null: the schedule has broken the
   * connection; it is not to be done.
   */
  arrived(): ArrivedCall | null
}

/** The schedule's plan for one call. */
export interface ArrivedCall {
  /** This error is to be answered, and the call not done; null: it is done. */
  readonly error: ServiceErrorCode | null
  /** Tells that the call was done or refused. To be called before its answer is written. */
  done(outcome: CallOutcome): void
}

export interface CallOutcome {
  /** The error that it is answered with, or null. */
  readonly error: string | null
  /** Whether what is committed can have changed. */
  readonly changed: boolean
}

/**
 * Follows the bytes of one connection, and finds the calls in them. Calls are answered in the order
 * in which they are sent.
 */
export interface CallReader {
  /**
   * Operations that the client asks for with these bytes, one for each call that is now complete:
   * `COMMIT`, `POST /payments`.
   */
  wrote(bytes: Buffer): readonly string[]
  /** How many calls the client has now got all of the answer of. */
  got(bytes: Buffer): number
}

/** The errors of their own that services can be made to answer. */
export const SERVICE_ERROR_CODES = [
  // PostgreSQL: serialization failure, deadlock, shut down by an administrator
  '40001',
  '40P01',
  '57P01',
  // HTTP
  '429',
  '500',
  '503',
  // Redis: just started, out of memory, no longer the one that takes writes
  'LOADING',
  'OOM',
  'READONLY',
  // context.store: something that was read has changed, refused for no reason of the app's
  'CONFLICT',
  'FAILED',
] as const
export type ServiceErrorCode = (typeof SERVICE_ERROR_CODES)[number]

/** Where a service is to be found by the app. */
export interface ServiceAddress {
  readonly host: string
  readonly port: number
}

/** The name of `context.store` among the services: `consumer-0 store COMMIT#2`. */
export const STORE_NAME = 'store'
/** The errors of its own that `context.store` can be made to answer. */
export const STORE_ERRORS: readonly ServiceErrorCode[] = ['CONFLICT', 'FAILED']
