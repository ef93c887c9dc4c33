/** A question to the thread with the server's connections; each is answered before the next. */
export type ServerRequest = ServerOperation & {
  /** Each has sessions of its own. */
  readonly database: string
}

export type ServerOperation =
  /** A database with this schema, and a copy of it to begin again from. */
  | { readonly op: 'create'; readonly schema: string }
  /** A run begins: the database is as it was after its schema. */
  | { readonly op: 'reset'; readonly seed: number; readonly nowUs: number }
  | {
      readonly op: 'open'
      readonly session: number
      readonly nowUs: number
      /** SQL that makes its settings. */
      readonly settings: readonly string[]
    }
  | { readonly op: 'unit'; readonly session: number; readonly nowUs: number; readonly bytes: Uint8Array }
  | { readonly op: 'close'; readonly session: number; readonly nowUs: number }
  /** Goes on with the first session that waited for a lock and has it now. */
  | { readonly op: 'next' }
  /** Virtual time has come for a session's timer, or for the end of its sleep. */
  | { readonly op: 'wake'; readonly nowUs: number }
  | { readonly op: 'ask'; readonly sql: string }

export interface SessionOutput {
  readonly session: number
  /** Backend messages, without what is chance in them: numbers of processes and transactions. */
  readonly bytes: Uint8Array
  /**
   * `answer`: the unit is done. `unasked`: a notification between units. `ended`: the server has
   * closed the session, and this is what it said last.
   */
  readonly kind: 'answer' | 'unasked' | 'ended'
}

export interface ServerReply {
  readonly outputs: readonly SessionOutput[]
  /** A session has got the lock that it waited for, and stands still until `next`. */
  readonly more: boolean
  /** When the next timer goes off or the next sleep ends, in Unix microseconds; null: never. */
  readonly dueUs: number | null
  /** Of `create` and `ask`: backend messages; null: a lock is in the way. */
  readonly answer: Uint8Array | null
  /** Of `create`: the messages that a session begins with. */
  readonly greeting: Uint8Array | null
  /** Why it could not be done: a sentence about the harness, not about the app. */
  readonly failure: string | null
}

export interface ServerThreadData {
  readonly socket: string
  readonly clock: string | null
  /** See `DatabasesOptions`. */
  readonly backendsMax: number
  /** One number, which is 1 when a reply has been sent. */
  readonly answered: Int32Array
  readonly port: import('node:worker_threads').MessagePort
}
