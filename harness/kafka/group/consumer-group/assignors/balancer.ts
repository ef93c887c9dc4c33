/**
 * Walks the subscribers of one topic from the least loaded up and from the most loaded down, as
 * partitions move from those to these. It counts rounds instead of sorting again after each move.
 */
export class Balancer {
  readonly #members: number[]
  readonly #sizes: readonly number[]
  #leastEnd = 0
  #leastLoad: number
  #nextLeast = 0
  #mostStart: number
  #mostEnd: number
  #mostLoad: number
  #nextMost: number

  /** @param sizes each member's load, by index; it changes as partitions are given */
  constructor(members: readonly number[], sizes: readonly number[]) {
    const load = (member: number | undefined): number => sizes[member ?? 0] ?? 0
    this.#sizes = sizes
    this.#members = [...members].sort((a, b) => load(a) - load(b) || a - b)
    this.#leastLoad = load(this.#members[0]) - 1
    this.#mostStart = this.#members.length
    this.#mostEnd = this.#members.length
    this.#mostLoad = load(this.#members.at(-1)) + 1
    this.#nextMost = this.#members.length - 1
  }

  get imbalance(): number {
    return this.#mostLoad - 1 - (this.#leastLoad + 1)
  }

  get balanced(): boolean {
    return this.#mostLoad - this.#leastLoad <= 1
  }

  #loadAt(index: number): number {
    return this.#sizes[this.#members[index] ?? 0] ?? 0
  }

  /** The caller gives it a partition. */
  nextLeastLoaded(): number {
    if (this.#nextLeast >= this.#leastEnd) {
      this.#leastLoad += 1
      while (this.#leastEnd < this.#members.length && this.#loadAt(this.#leastEnd) === this.#leastLoad)
        this.#leastEnd += 1
      this.#nextLeast = 0
    }
    const member = this.#members[this.#nextLeast]
    this.#nextLeast += 1
    return member ?? 0
  }

  /**
   * The most loaded member that can give one away, or null; the others are passed over for good.
   */
  nextMostLoaded(canGive: (member: number) => boolean): number | null {
    for (;;) {
      if (this.#nextMost < this.#mostStart) this.#widenMost()
      const member = this.#members[this.#nextMost]
      if (this.#nextMost < 0 || member === undefined) return null
      this.#nextMost -= 1
      if (canGive(member)) return member
      const at = this.#nextMost + 1
      this.#members[at] = this.#members[this.#mostEnd - 1] ?? member
      this.#members[this.#mostEnd - 1] = member
      this.#mostEnd -= 1
    }
  }

  #widenMost(): void {
    if (this.#mostEnd <= this.#mostStart && this.#mostStart > 0)
      this.#mostLoad = this.#loadAt(this.#mostStart - 1)
    else this.#mostLoad -= 1
    while (this.#mostStart > 0 && this.#loadAt(this.#mostStart - 1) === this.#mostLoad) this.#mostStart -= 1
    this.#nextMost = this.#mostEnd - 1
  }
}
