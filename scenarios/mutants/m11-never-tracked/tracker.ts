/** Offsets of one partition that are begun, in order, and which of them are done. */
export class Tracker {
  #begun: { readonly offset: string; done: boolean }[] = []
  /** The last offset that is done with all before it; null: none is. */
  lastOfPrefix: string | null = null

  begin(offset: string): void {
    this.#begun.push({ offset, done: false })
  }

  end(offset: string): void {
    for (const each of this.#begun) if (each.offset === offset) each.done = true
    while (this.#begun[0]?.done === true) this.lastOfPrefix = this.#begun.shift()?.offset ?? null
  }

  /** The partition is assigned again: what was begun comes again. */
  clear(): void {
    this.#begun = []
    this.lastOfPrefix = null
  }
}
