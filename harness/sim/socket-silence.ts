import type { EventEmitter } from 'node:events'
import type { QueuedEvent } from './event-queue.ts'
import type { Proc } from './process.ts'

/**
 * `socket.setTimeout`: tells once that nothing has moved for that long, and again after the next
 * movement.
 */
export class SocketSilence {
  timeoutMs: number | undefined
  readonly #process: Proc
  readonly #socket: EventEmitter
  readonly #later: (delayUs: number, action: () => void) => QueuedEvent<Proc>
  #movedUs = 0
  #timer: QueuedEvent<Proc> | null = null

  constructor(
    process: Proc,
    socket: EventEmitter,
    later: (delayUs: number, action: () => void) => QueuedEvent<Proc>,
  ) {
    this.#process = process
    this.#socket = socket
    this.#later = later
  }

  set(timeoutMs: number, listener?: () => void): void {
    if (listener !== undefined) {
      if (timeoutMs > 0) this.#socket.once('timeout', listener)
      else this.#socket.off('timeout', listener)
    }
    this.stop()
    this.timeoutMs = timeoutMs
    this.moved()
  }

  /** Cheap: a running timer is not moved, it looks again when it is due. */
  moved(): void {
    if (this.timeoutMs === undefined || this.timeoutMs <= 0) return
    this.#movedUs = this.#process.host.nowUs
    if (this.#timer === null) this.#wait(this.timeoutMs * 1000)
  }

  stop(): void {
    this.timeoutMs = undefined
    if (this.#timer !== null) this.#process.host.cancel(this.#timer)
    this.#timer = null
  }

  #wait(delayUs: number): void {
    this.#timer = this.#later(delayUs, () => {
      this.#timer = null
      const restUs = this.#movedUs + (this.timeoutMs ?? 0) * 1000 - this.#process.host.nowUs
      if (restUs > 0) this.#wait(restUs)
      else if (this.#process.alive) this.#socket.emit('timeout')
    })
  }
}
