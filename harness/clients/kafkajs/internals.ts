import type { EventEmitter } from 'node:events'

/** The parts of kafkajs 2.2.4 that the adapter touches, as far as it needs them. */

export interface KafkajsMessage {
  readonly offset: string
}

export interface EachMessagePayload {
  readonly topic: string
  readonly partition: number
  readonly message: KafkajsMessage
  readonly pause?: () => () => void
}

export interface EachBatchPayload {
  readonly batch: {
    readonly topic: string
    readonly partition: number
    readonly messages: readonly KafkajsMessage[]
  }
  readonly resolveOffset: (offset: string) => void
  readonly pause?: () => () => void
}

export interface PausedTopic {
  readonly topic: string
  readonly partitions?: readonly number[]
}

export interface RunConfig {
  readonly eachMessage?: ((payload: EachMessagePayload) => unknown) | null
  readonly eachBatch?: ((payload: EachBatchPayload) => unknown) | null
  /** False: the app resolves offsets itself, and what it leaves out comes again. */
  readonly eachBatchAutoResolve?: boolean
}

export interface InstrumentationEvent {
  readonly payload: Readonly<Record<string, unknown>>
}

export interface KafkajsConsumer {
  readonly events: Readonly<Record<string, string>>
  on(event: string, listener: (event: InstrumentationEvent) => void): () => void
  subscribe(options: { topic?: string | RegExp; topics?: readonly (string | RegExp)[] }): Promise<void>
  run(config?: RunConfig): Promise<void>
  seek(position: { topic: string; partition: number; offset: string }): void
  pause(topics: readonly PausedTopic[]): void
  resume(topics: readonly PausedTopic[]): void
  stop(): Promise<void>
  disconnect(): Promise<void>
}

export interface KafkajsClass {
  readonly prototype: { consumer(options: { groupId: string }): KafkajsConsumer }
}

export interface RequestQueue {
  readonly instrumentationEmitter: { readonly emitter: EventEmitter } | null
  readonly inflight: Map<number, { readonly sentAt: number | null; readonly requestTimeout: number }>
  readonly pending: readonly unknown[]
  readonly throttledUntil: number
  readonly requestTimeout: number
  readonly requestTimeoutIntervalId: unknown
  readonly throttleCheckTimeoutId: unknown
  isConnected(): boolean
  removeAllListeners(): unknown
  push(request: unknown): void
  scheduleRequestTimeoutCheck(): void
  scheduleCheckPendingRequests(): void
}

export interface RequestQueueClass {
  readonly prototype: RequestQueue
}

export interface KafkajsConnection {
  readonly requestQueue: RequestQueue
  connect(): Promise<unknown>
}

export interface ConnectionClass {
  readonly prototype: KafkajsConnection
}

export interface RetryDefaults {
  maxRetryTime: number
  initialRetryTime: number
  factor: number
  multiplier: number
  retries: number
}

export interface KafkajsProtocol {
  readonly requests: Readonly<
    Record<
      string,
      {
        readonly versions: readonly (string | number)[]
        /** Makes a request of this version out of its fields. */
        protocol(options: { version: string | number }): (fields: object) => unknown
      }
    >
  >
}
