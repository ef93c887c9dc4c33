/** Records of one partition, or their offsets, that are begun, in order, and which are done. */
export class Tracker<Each> {
  #begun: { readonly each: Each; done: boolean }[] = []
  /** The last one that is done with all before it; null: none is. */
  lastOfPrefix: Each | null = null

  begin(each: Each): void {
    this.#begun.push({ each, done: false })
  }

  end(each: Each): void {
    for (const begun of this.#begun) if (begun.each === each) begun.done = true
    while (this.#begun[0]?.done === true) this.lastOfPrefix = this.#begun.shift()?.each ?? null
  }

  /** The partition is assigned again: what was begun comes again. */
  clear(): void {
    this.#begun = []
    this.lastOfPrefix = null
  }
}

export function isReading(value: Buffer | string | null): boolean {
  try {
    return typeof JSON.parse(String(value)) === 'object'
  } catch {
    return false
  }
}
