/** Something that will happen. `owner` is the incarnation that it happens to, or null. */
export interface QueuedEvent<Owner = unknown> {
  readonly timeUs: number
  /** Order of creation: ties are broken by it. */
  readonly seq: number
  readonly owner: Owner | null
  /** Null once it is cancelled or done. */
  action: (() => void) | null
}

/** A binary heap by (time, creation). Cancelled events stay until they come up. */
export class EventQueue<Owner> {
  readonly #heap: QueuedEvent<Owner>[] = []

  get size(): number {
    return this.#heap.length
  }

  push(event: QueuedEvent<Owner>): void {
    const heap = this.#heap
    let index = heap.length
    heap.push(event)
    while (index > 0) {
      const parentIndex = (index - 1) >> 1
      const parent = heap[parentIndex] as QueuedEvent<Owner>
      if (!before(event, parent)) break
      heap[index] = parent
      index = parentIndex
    }
    heap[index] = event
  }

  /** The next event that is not cancelled, left in place; undefined when there is none. */
  peek(): QueuedEvent<Owner> | undefined {
    let first = this.#heap[0]
    while (first !== undefined && first.action === null) {
      this.pop()
      first = this.#heap[0]
    }
    return first
  }

  pop(): QueuedEvent<Owner> | undefined {
    const heap = this.#heap
    const first = heap[0]
    const last = heap.pop()
    if (last === undefined || heap.length === 0) return first
    let index = 0
    for (;;) {
      const left = 2 * index + 1
      if (left >= heap.length) break
      const right = left + 1
      const child =
        right < heap.length && before(heap[right] as QueuedEvent<Owner>, heap[left] as QueuedEvent<Owner>)
          ? right
          : left
      if (!before(heap[child] as QueuedEvent<Owner>, last)) break
      heap[index] = heap[child] as QueuedEvent<Owner>
      index = child
    }
    heap[index] = last
    return first
  }

  clear(): void {
    this.#heap.length = 0
  }
}

function before(a: QueuedEvent, b: QueuedEvent): boolean {
  return a.timeUs < b.timeUs || (a.timeUs === b.timeUs && a.seq < b.seq)
}
