import type { AsyncResource } from 'node:async_hooks'

/** An owner of events, which are dropped once it has ended. */
export interface EventOwner {
  readonly alive: boolean
}

/** Something that will happen. `owner` is the incarnation that it happens to, or null. */
export interface QueuedEvent<Owner extends EventOwner = EventOwner> {
  readonly timeUs: number
  /**
   * When it was asked for: of two events at one time, the one that was asked for earlier comes
   * first.
   */
  readonly askedUs: number
  /** Order of creation: the last tie is broken by it. */
  readonly seq: number
  readonly owner: Owner | null
  /** The async context in which it happens; null: the owner's own. */
  readonly resource: AsyncResource | null
  /** A timer of the owner goes off. */
  readonly timer: boolean
  /** The event's action; null once it is cancelled or done. */
  action: (() => void) | null
}

/** Below this size nobody tidies up. */
const TIDY_SIZE_MIN = 256

/**
 * A binary heap by (time, time of asking, creation). Cancelled events stay until they come up or
 * are too many.
 */
export class EventQueue<Owner extends EventOwner> {
  #heap: QueuedEvent<Owner>[] = []
  #cancelled = 0

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

  /** O(1); every so often the queue is rebuilt without what was cancelled. */
  cancel(event: QueuedEvent<Owner>): void {
    if (event.action === null) return
    event.action = null
    this.#cancelled += 1
    if (this.#heap.length > TIDY_SIZE_MIN && this.#cancelled > this.#heap.length / 2) this.#tidy()
  }

  /** The next event that will happen, left in place; undefined when there is none. */
  peek(): QueuedEvent<Owner> | undefined {
    let first = this.#heap[0]
    while (first !== undefined && isVoid(first)) {
      if (first.action === null) this.#cancelled -= 1
      this.pop()
      first = this.#heap[0]
    }
    return first
  }

  /** Takes the first event out, whatever it is: `peek` comes before it. */
  pop(): void {
    const heap = this.#heap
    const last = heap.pop()
    if (last !== undefined && heap.length > 0) this.#sink(last, 0)
  }

  clear(): void {
    this.#heap = []
    this.#cancelled = 0
  }

  #sink(event: QueuedEvent<Owner>, from: number): void {
    const heap = this.#heap
    let index = from
    for (;;) {
      const left = 2 * index + 1
      if (left >= heap.length) break
      const right = left + 1
      const child =
        right < heap.length && before(heap[right] as QueuedEvent<Owner>, heap[left] as QueuedEvent<Owner>)
          ? right
          : left
      if (!before(heap[child] as QueuedEvent<Owner>, event)) break
      heap[index] = heap[child] as QueuedEvent<Owner>
      index = child
    }
    heap[index] = event
  }

  #tidy(): void {
    this.#heap = this.#heap.filter((event) => !isVoid(event))
    this.#cancelled = 0
    for (let index = (this.#heap.length >> 1) - 1; index >= 0; index -= 1)
      this.#sink(this.#heap[index] as QueuedEvent<Owner>, index)
  }
}

function isVoid({ action, owner }: QueuedEvent): boolean {
  return action === null || (owner !== null && !owner.alive)
}

function before(a: QueuedEvent, b: QueuedEvent): boolean {
  if (a.timeUs !== b.timeUs) return a.timeUs < b.timeUs
  return a.askedUs === b.askedUs ? a.seq < b.seq : a.askedUs < b.askedUs
}
