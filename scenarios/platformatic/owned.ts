import type { TextConsumer, TextMessage } from './messages.ts'

/**
 * The partitions that a process may still work on. After a rebalance the client goes on handing
 * over records that it had read from partitions which have gone to others (see
 * `../museum/platformatic-delivers-twice`): these are left to the new owners. When such a partition
 * comes back before anything of it was committed, the client reads on behind the records that were
 * left, so that a process which has left some has to start again.
 */
export class Owned {
  readonly #consumer: TextConsumer
  readonly #left: Map<string, TextMessage> = new Map()

  constructor(consumer: TextConsumer) {
    this.#consumer = consumer
  }

  /** Whether this message is still for this process; else it is left. */
  takes(message: TextMessage): boolean {
    if (this.#has(message)) return !this.mustBeginAnew()
    this.#left.set(`${message.topic}/${message.partition}`, message)
    return false
  }

  /** Whether something that was left is this process's again. */
  mustBeginAnew(): boolean {
    return [...this.#left.values()].some((message) => this.#has(message))
  }

  #has({ topic, partition }: TextMessage): boolean {
    const own = this.#consumer.assignments?.find((each) => each.topic === topic)
    return own?.partitions.includes(partition) === true
  }
}
