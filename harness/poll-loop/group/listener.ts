import { KafkaException } from '../errors.ts'
import type { TopicPartition } from '../partition.ts'

/**
 * Kafka's ConsumerRebalanceListener (`onPartitionsAssigned`, `onPartitionsRevoked`,
 * `onPartitionsLost`): called inside `poll`, `unsubscribe` and `close`.
 */
export interface RebalanceListener {
  /** @param partitions those that are new, which may be none */
  assigned?(partitions: readonly TopicPartition[]): unknown
  /** Still the member's own: here their offsets can be committed. */
  revoked?(partitions: readonly TopicPartition[]): unknown
  /** Others may have them already; default: `revoked`. */
  lost?(partitions: readonly TopicPartition[]): unknown
}

/** Calls the user's listener, one call at a time, and keeps its first error. */
export class Callbacks {
  listener: RebalanceListener = {}
  #running = 0
  #error: unknown = null

  /** A callback is under way: what it calls comes from inside `poll`. */
  get running(): boolean {
    return this.#running > 0
  }

  async call(what: 'assigned' | 'revoked' | 'lost', partitions: readonly TopicPartition[]): Promise<void> {
    const { listener } = this
    const name = what === 'lost' && listener.lost === undefined ? 'revoked' : what
    try {
      await this.inside(() => listener[name]?.(partitions))
    } catch (error) {
      this.#error ??= error
    }
  }

  /** Runs a function of the user's, which may call the consumer. */
  async inside(callback: () => unknown): Promise<void> {
    this.#running += 1
    try {
      await callback()
    } finally {
      this.#running -= 1
    }
  }

  /** @throws what a callback has thrown, once; as in Java wrapped, but for a wakeup */
  demandNoError(): void {
    const error = this.#error
    this.#error = null
    if (error === null) return
    if (error instanceof KafkaException && error.name === 'WakeupException') throw error
    throw new KafkaException('KafkaException', 'User rebalance callback throws an error', { cause: error })
  }
}
