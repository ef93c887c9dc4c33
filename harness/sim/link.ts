import type { AsyncResource } from 'node:async_hooks'
import { entryAt } from '../core/lists.ts'
import type { Stream } from '../core/seed.ts'
import type { QueuedEvent } from './event-queue.ts'
import type { Proc, ProcessHost } from './process.ts'
import type { LinkLatency } from './simulation.interface.ts'

/** A message on a link: a handshake, bytes, or an end. */
export type Message =
  | { readonly kind: 'syn' }
  | { readonly kind: 'accepted' }
  | { readonly kind: 'refused' }
  | { readonly kind: 'data'; readonly bytes: Buffer }
  | { readonly kind: 'fin' }
  | { readonly kind: 'reset' }

/** One direction between two hosts, over all their connections. */
export class Link {
  readonly random: Stream
  extraUs = 0
  refusals = 0
  #cuts = 0
  /** Lanes that have messages waiting for the link to heal. */
  readonly #stalled: Set<Lane> = new Set()

  constructor(random: Stream) {
    this.random = random
  }

  get isCut(): boolean {
    return this.#cuts > 0
  }

  cut(): void {
    this.#cuts += 1
  }

  heal(): void {
    this.#cuts -= 1
    if (this.#cuts > 0) return
    const lanes = [...this.#stalled]
    this.#stalled.clear()
    for (const lane of lanes) lane.heal()
  }

  stall(lane: Lane): void {
    this.#stalled.add(lane)
  }

  forget(lane: Lane): void {
    this.#stalled.delete(lane)
  }
}

/** How long the sender of a message repeats it before it gives up, as Linux does by default. */
const SYN_GIVE_UP_US = 127_000_000
const DATA_GIVE_UP_US = 924_600_000

export interface LaneOptions {
  readonly host: ProcessHost
  readonly latency: LinkLatency
  readonly link: Link
  /** The process that receives the messages; null: a server. */
  readonly owner: Proc | null
  readonly resource: AsyncResource | null
  readonly deliver: (message: Message) => void
  /** The sender has repeated a message for too long. */
  readonly giveUp: () => void
}

/** One direction of one connection: messages arrive in the order in which they left. */
export class Lane {
  readonly #options: LaneOptions
  readonly #messages: Message[] = []
  readonly #arrive = (): void => this.#arrived()
  #head = 0
  #stalled = 0
  #lastUs = 0
  #giveUp: QueuedEvent<Proc> | null = null
  blackHole = false
  #closed = false

  constructor(options: LaneOptions) {
    this.#options = options
  }

  send(message: Message, extraUs = 0): void {
    if (this.blackHole || this.#closed) return
    this.#messages.push(message)
    this.#travel(extraUs)
  }

  /** The link has healed: what waited arrives in its order. */
  heal(): void {
    this.#stopGivingUp()
    for (; this.#stalled > 0; this.#stalled -= 1) this.#travel(0)
  }

  close(): void {
    this.#closed = true
    this.#stopGivingUp()
    this.#options.link.forget(this)
  }

  #travel(extraUs: number): void {
    const { host, latency, link, owner, resource } = this.#options
    const travelUs = link.random.between(latency.lowUs, latency.highUs) + link.extraUs + extraUs
    this.#lastUs = Math.max(this.#lastUs, host.nowUs + travelUs)
    host.schedule(this.#lastUs - host.nowUs, owner, this.#arrive, { resource })
  }

  #arrived(): void {
    if (this.blackHole || this.#closed) return
    if (this.#options.link.isCut) return this.#stall()
    const message = entryAt(this.#messages, this.#head)
    this.#head += 1
    if (this.#head === this.#messages.length) {
      this.#messages.length = 0
      this.#head = 0
    }
    this.#options.deliver(message)
  }

  #stall(): void {
    const { host, link, giveUp } = this.#options
    this.#stalled += 1
    link.stall(this)
    if (this.#giveUp !== null) return
    const first = this.#messages[this.#head]
    const delayUs = first?.kind === 'syn' ? SYN_GIVE_UP_US : DATA_GIVE_UP_US
    this.#giveUp = host.schedule(delayUs, null, giveUp)
  }

  #stopGivingUp(): void {
    if (this.#giveUp !== null) this.#options.host.cancel(this.#giveUp)
    this.#giveUp = null
  }
}
