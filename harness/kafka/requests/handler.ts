import type { Authenticator } from '../access/authenticator.ts'
import type { FetchSessions } from '../broker/fetch-sessions.ts'
import type { BrokerAddress, Peer } from '../cluster.interface.ts'
import type { SeenCluster } from '../cluster-parts.interface.ts'
import type { Profile } from '../versions/profile.ts'
import { type Body, ERROR_CODES, type ErrorName } from '../wire/index.ts'

/** What a request's handler gets. */
export interface RequestContext<Request = Body> {
  /** As its broker knows it when the request is taken up. */
  readonly cluster: SeenCluster
  readonly broker: {
    /** As it knows it now. */
    readonly cluster: SeenCluster
    readonly profile: Profile | null
    readonly id: number
    readonly address: BrokerAddress
    readonly fetchSessions: FetchSessions
  }
  readonly peer: Peer
  /** Null where nobody has to authenticate. */
  readonly authenticator: Authenticator | null
  readonly clientId: string
  readonly version: number
  readonly body: Request
  /** This process's requests of this api so far, this one included. */
  ordinal(): number
  /** Runs `action` when the connection is gone; undone by the answer. */
  onClose(action: () => void): () => void
}

export interface HandledRequest {
  /** Does it; the answer may come later. */
  apply(answer: (body: Body) => void): void
  /** The answer that says this error in every place where it has one; nothing is done. */
  refuse(error: ErrorName): Body
  /** The client awaits no answer: success is silent, and an error closes the connection (Produce with acks 0). */
  readonly silent?: boolean
}

export type Handler = (context: RequestContext) => HandledRequest

/** What one file in this folder exports. */
export interface Served {
  readonly key: number
  /** Versions that these brokers serve; the codec may know more. */
  readonly min: number
  readonly max: number
  readonly handler: Handler
}

/** A handler that works on the request's shape; the codec guarantees it. */
export function handle<Request>(
  make: (context: RequestContext<Request>) => HandledRequest,
): (context: RequestContext) => HandledRequest {
  return (context) => make(context as unknown as RequestContext<Request>)
}

/** A handler whose answer is ready at once. */
export function answerNow<Request>(
  apply: (context: RequestContext<Request>) => Body,
  refuse: (context: RequestContext<Request>, errorCode: number) => Body,
): Handler {
  return handle<Request>((context) => ({
    apply: (answer) => answer(apply(context)),
    refuse: (error) => refuse(context, code(error)),
  }))
}

export function code(error: string): number {
  return ERROR_CODES[error as ErrorName]
}
