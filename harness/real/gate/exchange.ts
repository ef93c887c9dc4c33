import type {
  AnswerBody,
  ApiName,
  Body,
  RequestAction,
  RequestBody,
  RequestToEncode,
} from '../../kafka/index.ts'

export interface Address {
  readonly host: string
  readonly port: number
}

/**
 * One request of a process, from its arrival at the gate until its answer has gone on or is lost.
 */
export interface Exchange {
  readonly process: string
  readonly incarnation: number
  /** The broker's node id. */
  readonly broker: number
  readonly api: ApiName | 'Unknown'
  readonly version: number
  /** Counts this process's requests of this api over all its incarnations, from 1. */
  readonly ordinal: number
  /** Null where the codec does not know this api or version. */
  readonly request: Body | null
  /** Null before the answer is there, and where there is none or it can't be read. */
  answer: Body | null
  /** The first error in the answer, by Kafka's name. */
  error?: string | null
  /** The broker went away before it could take the request up. */
  dropped?: true
  /** The gate answers in the broker's place. */
  injected?: true
}

/** An exchange of this api, with its bodies by the table of the wire. */
export type ExchangeOf<Api extends ApiName> = Exchange & {
  readonly api: Api
  readonly request: RequestBody<Api> | null
  answer: AnswerBody<Api> | null
}

/** Whether the exchange is of this api: the codec read its bodies by the table of that name. */
export function isOf<Api extends ApiName>(exchange: Exchange, api: Api): exchange is ExchangeOf<Api> {
  return exchange.api === api
}

/** Decides the fate of each exchange. A promise holds the frame until it resolves. */
export interface Gatekeeper {
  /** A connection of this process opens: its incarnation. */
  incarnationOf(process: string): number
  /** The next number of this api. */
  ordinalOf(process: string, api: string): number
  /** The request has reached the gate. */
  sent(exchange: Exchange): void
  /** The broker is about to take the request up; what is to be done with it. */
  received(exchange: Exchange): Promise<RequestAction>
  /** Something of the request is not to reach the broker as it is: another body, or null. */
  amended(exchange: Exchange): Body | null
  /**
   * The answer has drawn something by chance that is not to stand: the request that gives it back,
   * once the client's has been asked again; or null.
   */
  retracted(exchange: Exchange): RequestToEncode<'LeaveGroup'> | null
  /** Coordinators by the ids under which the client asked for them. */
  sought(answer: AnswerBody<'FindCoordinator'>): AnswerBody<'FindCoordinator'>['coordinators']
  /** The answer is there, from the broker or in its place; false: nobody is left to hand it to. */
  applied(exchange: Exchange): Promise<boolean>
  /**
   * The answer is about to go on, while the broker takes up what comes next; false: nobody is left
   * to hand it to.
   */
  leaves(exchange: Exchange): Promise<boolean>
  /** The answer has gone on, or never will. */
  ended(exchange: Exchange, outcome: 'acknowledged' | 'lost'): void
  /** The gate itself has failed: the replay is over. */
  failed(error: unknown): void
  /** Where this process reaches this broker. */
  addressOf(process: string, broker: number): Address
}

export interface GateOptions {
  readonly process: string
  readonly broker: number
  /** Where the broker listens. */
  readonly upstream: Address
  readonly keeper: Gatekeeper
}
