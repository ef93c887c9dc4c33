import { entryAt } from '../core/lists.ts'
import type { HeldSessions } from './held-sessions.ts'
import { type OrderItem, waitsFor } from './order.ts'

/** How long a step waits at most for what should have come before it. */
const PATIENCE_MS = 10_000

/**
 * Keeps what is the harness's to decide (calls to the outside world, commits at a gate and their
 * answers) in the order of the simulated run: each waits until all that came before it there, and
 * matters to it, has happened here. On a real cluster a commit takes fifty times as long as in a
 * simulation, so that without this another side would win each race.
 */
export class Conductor {
  /** Events that did not come although something waited for them, in words. */
  readonly diverged: string[] = []
  readonly #items: readonly OrderItem[]
  readonly #sessions: HeldSessions
  readonly #patienceMs: number
  /** Where the nth item of a name stands in the order. */
  readonly #places: Map<string, number[]> = new Map()
  /** Items of a name that have happened here. */
  readonly #happened: Map<string, number> = new Map()
  /** Items of a name that wait for their turn. */
  readonly #waiting: Map<string, number> = new Map()
  readonly #seen: Set<number> = new Set()
  #wake: PromiseWithResolvers<void> = Promise.withResolvers<void>()
  /** All before it have happened. */
  #first = 0
  #over = false

  /** @param items of the simulated run, in their order */
  constructor(items: readonly OrderItem[], sessions: HeldSessions, patienceMs: number = PATIENCE_MS) {
    this.#items = items
    this.#sessions = sessions
    this.#patienceMs = patienceMs
    items.forEach(({ name }, place) => {
      const places = this.#places.get(name)
      if (places === undefined) this.#places.set(name, [place])
      else places.push(place)
    })
  }

  /** The item has happened. */
  note({ name }: OrderItem): void {
    const nth = this.#happened.get(name) ?? 0
    this.#happened.set(name, nth + 1)
    const place = this.#places.get(name)?.[nth]
    if (place !== undefined) this.#see(place)
  }

  /** Resolves when it is this item's turn, or nobody is left to take it. */
  async turn(item: OrderItem, wanted: () => boolean = () => true): Promise<void> {
    const { name, process, free = false } = item
    const ahead = this.#waiting.get(name) ?? 0
    this.#waiting.set(name, ahead + 1)
    const nth = (this.#happened.get(name) ?? 0) + ahead
    const place = this.#places.get(name)?.[nth] ?? (free ? 0 : this.#items.length)
    const endMs = performance.now() + this.#sessions.patienceMs(process, this.#patienceMs)
    const letGo = process === null ? () => {} : this.#sessions.hold(process, name)
    for (let missing = this.#missing(item, place); missing !== null; missing = this.#missing(item, place)) {
      if (!wanted()) break
      const leftMs = endMs - performance.now()
      if (leftMs > 0) await this.#change(leftMs)
      else this.#giveUp(item, missing)
    }
    letGo()
    this.#waiting.set(name, (this.#waiting.get(name) ?? 1) - 1)
  }

  /** Ends all waiting. */
  end(): void {
    this.#over = true
    this.#wake.resolve()
  }

  /**
   * The first that has not happened, should have, and matters to this one. An item that the
   * simulated run never had waits for all of it, unless it is free; but not for work of its own
   * process, which may wait for this very one.
   */
  #missing(item: OrderItem, before: number): number | null {
    if (this.#over) return null
    const isNew = before === this.#items.length
    for (let place = this.#first; place < before; place += 1) {
      const earlier = entryAt(this.#items, place)
      if (this.#seen.has(place) || !waitsFor(item, earlier)) continue
      if (!isNew || earlier.place === null || earlier.process !== item.process) return place
    }
    return null
  }

  #giveUp({ name }: OrderItem, missing: number): void {
    this.diverged.push(`'${name}' waited for '${this.#items[missing]?.name}', which did not come`)
    this.#see(missing)
  }

  #see(place: number): void {
    this.#seen.add(place)
    while (this.#seen.has(this.#first)) this.#first += 1
    this.#wake.resolve()
    this.#wake = Promise.withResolvers<void>()
  }

  async #change(withinMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, withinMs)
    })
    await Promise.race([this.#wake.promise, late])
    clearTimeout(timer)
  }
}
