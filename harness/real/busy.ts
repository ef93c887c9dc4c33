/**
 * Work that has to be done before anything else goes on: calls of Toxiproxy, signals, questions to
 * the cluster. It is done one thing after the other, and a held frame or answer waits for all of
 * it.
 */
export class Busy {
  #chain: Promise<void> = Promise.resolve()
  /** The first that failed. */
  #failure: Error | null = null

  /** Begins after all that was added before. */
  add(work: () => Promise<unknown>): void {
    this.#chain = this.#chain.then(work).then(
      () => {},
      (error: unknown) => {
        this.#failure ??= error instanceof Error ? error : new Error(String(error))
      },
    )
  }

  /** Resolves when all of it is done, what is added meanwhile included. Never rejects. */
  async done(): Promise<void> {
    for (let before: Promise<void> | null = null; before !== this.#chain; ) {
      before = this.#chain
      await before
    }
  }

  get failure(): Error | null {
    return this.#failure
  }
}
