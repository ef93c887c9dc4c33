import type { RecordPosition } from '../../core/history.ts'

/** The parts of @platformatic/kafka 2.12 that the adapter touches, as far as it needs them. */

export interface PlatformaticMessage {
  readonly topic: string
  readonly partition: number
  readonly offset: bigint
}

export interface TopicAssignment {
  readonly topic: string
  readonly partitions: readonly number[]
}

export interface Listener {
  (this: unknown, ...args: unknown[]): unknown
  /** The user's own listener, where this is a wrapper. */
  listener?: Listener
}
export type Listen = (event: string | symbol, listener: Listener) => unknown

export interface PlatformaticConsumer {
  readonly groupId: string
  readonly memberId: string | null
  /**
   * Set by the client when it has a new assignment, in the classic protocol and in that of KIP-848;
   * null: none.
   */
  assignments: readonly TopicAssignment[] | null
  consume: (options: { readonly topics: readonly string[] }, callback?: unknown) => unknown
  close: (...options: readonly unknown[]) => unknown
  on: Listen
}

export type MessagesIterator = AsyncIterableIterator<PlatformaticMessage>

/** A Readable in object mode. */
export interface PlatformaticStream {
  readonly consumer: PlatformaticConsumer
  readonly errored: Error | null
  [Symbol.asyncIterator]: () => MessagesIterator
  iterator: (options?: object) => MessagesIterator
  pipe: (destination: Destination, options?: object) => unknown
  pause: () => PlatformaticStream
  resume: () => PlatformaticStream
  on: Listen
  once: Listen
  addListener: Listen
  prependListener: Listen
  prependOnceListener: Listen
  rawListeners: (event: string) => readonly Listener[]
}

/** Where a stream is piped to: a Writable, or an older stream without these methods. */
export interface Destination {
  _write?: Write
  _writev?: WriteSeveral | null
}
export type WriteDone = (error?: Error | null) => void
export type Write = (chunk: object, encoding: string, written: WriteDone) => void
export type WriteSeveral = (chunks: readonly { readonly chunk: object }[], written: WriteDone) => void

/** A message on the client's diagnostics channel `plt:kafka:instances`. */
export type Creation =
  | { readonly type: 'consumer'; readonly instance: PlatformaticConsumer }
  | { readonly type: 'messages-stream'; readonly instance: PlatformaticStream }
  | { readonly type: 'other'; readonly instance: unknown }

/** The client keeps its bootstrap addresses under a symbol of its own. */
export function bootstrapOf(consumer: PlatformaticConsumer): readonly string[] {
  const symbol = Object.getOwnPropertySymbols(consumer).find(
    ({ description }) => description === 'plt.kafka.base.bootstrapBrokers',
  )
  const brokers: Bootstrap = symbol === undefined ? [] : Reflect.get(consumer, symbol)
  return brokers.map(({ host, port }) => `${host}:${port}`)
}

type Bootstrap = readonly { readonly host: string; readonly port: number }[]

export function positionOf({ topic, partition, offset }: PlatformaticMessage): RecordPosition {
  return { topic, partition, offset }
}
