import type { Authenticator } from '../access/authenticator.ts'
import type { BrokerAddress, Peer } from '../cluster.interface.ts'
import type { SeenCluster } from '../cluster-parts.interface.ts'
import type { Profile } from '../versions/profile.ts'
import {
  type AnswerDraft,
  type ApiName,
  ERROR_CODES,
  type ErrorName,
  type Known,
  type RequestBody,
} from '../wire/index.ts'
import type { FetchSessions } from './fetch-sessions.ts'

/**
 * The argument of a request's handler. (`in out`: the compiler need not find out how bodies vary,
 * which takes seconds.)
 */
export interface RequestContext<in out Api extends ApiName> extends ClientContext {
  readonly version: number
  readonly body: RequestBody<Api>
}

/** The part of a handler's argument that does not depend on the request. */
export interface ClientContext {
  /** The cluster as the broker knows it when the request is taken up. */
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
  /** Null: authentication is not demanded. */
  readonly authenticator: Authenticator | null
  readonly clientId: string
  /** This process's requests of this api so far, this one included. */
  ordinal(): number
  /** Runs `action` when the connection is gone; undone by the answer. */
  onClose(action: () => void): () => void
}

export interface HandledRequest<in out Api extends ApiName> {
  /** Does it; the answer may come later. */
  apply(answer: (body: AnswerDraft<Api>) => void): void
  /** The answer that says this error in every place where it has one; nothing is done. */
  refuse(error: ErrorName): AnswerDraft<Api>
  /**
   * The client awaits no answer: success is silent, and an error closes the connection (Produce
   * with acks 0).
   */
  readonly silent?: boolean
}

export type Handler<in out Api extends ApiName> = (context: RequestContext<Api>) => HandledRequest<Api>

/** Versions that these brokers serve; the codec may know more. */
export interface ServedVersions {
  readonly min: number
  readonly max: number
}

/** The export of each file in this folder. */
/** Versions of a request that brokers list. */
export interface ServedApi extends ServedVersions {
  readonly api: ApiName
}

export interface ServedRequest<in out Api extends ApiName> extends ServedVersions {
  readonly api: Api
  readonly handler: Handler<Api>
}

/** A handler as requests write it: the compiler refuses fields that the answer does not have. */
type Writing<Api extends ApiName, Refused> = (context: RequestContext<Api>) => Omit<
  HandledRequest<Api>,
  'refuse'
> & {
  refuse(error: ErrorName): Refused & Known<Refused, AnswerDraft<Api>>
}

/**
 * A request that these brokers serve. The name is an argument of its own, so that the compiler
 * knows the types of body and answer before it looks at the rest: otherwise it tries all requests
 * for each, which takes it half a minute.
 */
export function served<Api extends ApiName>(
  api: Api,
): <Refused extends AnswerDraft<Api>>(
  request: ServedVersions & { readonly handler: Writing<Api, Refused> },
) => ServedRequest<Api> {
  return (request) => ({ api, ...request })
}

/** A request whose answer is ready at once. */
export function servedAtOnce<Api extends ApiName>(
  api: Api,
): <Applied extends AnswerDraft<Api>, Refused extends AnswerDraft<Api>>(
  request: ServedVersions & {
    apply(context: RequestContext<Api>): Applied & Known<Applied, AnswerDraft<Api>>
    refuse(context: RequestContext<Api>, errorCode: number): Refused & Known<Refused, AnswerDraft<Api>>
  },
) => ServedRequest<Api> {
  return ({ min, max, apply, refuse }) => {
    const handler: Handler<Api> = (context) => ({
      apply: (answer) => answer(apply(context)),
      refuse: (error) => refuse(context, code(error)),
    })
    return { api, min, max, handler }
  }
}

export function code(error: string): number {
  return ERROR_CODES[error as ErrorName]
}
