import type { TextMessage } from './messages.ts'

/**
 * Records that wait for their work, and those that are done: a record that comes again (see
 * `../museum/platformatic-delivers-twice`) is not taken twice, and is not taken for done while it
 * waits.
 */
export class Waiting {
  readonly messages: TextMessage[] = []
  readonly #done: Map<string, bigint> = new Map()

  /** Takes a record, or commits one that is done already. */
  async take(message: TextMessage): Promise<void> {
    const { offset } = message
    const partition = nameOf(message)
    if (offset <= (this.#done.get(partition) ?? -1n)) await message.commit()
    else if (!this.messages.some((each) => each.offset === offset && nameOf(each) === partition))
      this.messages.push(message)
  }

  /** Marks the first records that wait as done and committed. */
  finish(messages: readonly TextMessage[]): void {
    this.messages.splice(0, messages.length)
    for (const message of messages) this.#done.set(nameOf(message), message.offset)
  }
}

function nameOf({ topic, partition }: TextMessage): string {
  return `${topic}/${partition}`
}
