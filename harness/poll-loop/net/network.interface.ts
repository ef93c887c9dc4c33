import type { AnswerBody, ApiName, RequestDraft } from '../../kafka/index.ts'

export interface BrokerNode {
  readonly id: number
  readonly host: string
  readonly port: number
}

export interface SendOptions {
  /** Timeout of the answer; default: `request.timeout.ms`. */
  readonly timeoutMs?: number
  /** A request that is never answered (Produce with acks 0). */
  readonly unanswered?: boolean
}

/**
 * All that the client wants of a network: a request to a broker, and its answer. Rejects with a
 * retriable `DisconnectException` or `TimeoutException` where there is none.
 */
export interface BrokerNetwork {
  send<Api extends ApiName>(
    broker: BrokerNode,
    api: Api,
    body: RequestDraft<Api>,
    options?: SendOptions,
  ): Promise<AnswerBody<Api>>
  /** The version in which this broker is asked, once it was asked anything. */
  versionOf(broker: BrokerNode, api: ApiName): number
  /** Ends all connections; what waits is rejected. */
  close(): void
}
