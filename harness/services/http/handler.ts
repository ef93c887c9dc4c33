/** A request beside which a handler stands. */
export interface HttpCall {
  /** Host that asks: `consumer-0`. */
  readonly client: string
  /** Kept from request to request; empty at the beginning of each schedule. */
  readonly kept: Map<string, unknown>
  /** Virtual Unix time in milliseconds. */
  readonly nowMs: number
  /** Resolves after that many virtual milliseconds. */
  wait(ms: number): Promise<void>
}

/**
 * Answers a request. It may wait for promises that settle at once, such as `request.json()`, and
 * for `call.wait`.
 */
export type HttpHandler = (request: Request, call: HttpCall) => Response | Promise<Response>

/** A request that the handler has answered. */
export interface AnsweredRequest {
  readonly method: string
  /** Without its query. */
  readonly path: string
  readonly query: string
  readonly headers: Headers
  readonly body: string
  /** Status of the answer. */
  readonly status: number
}
