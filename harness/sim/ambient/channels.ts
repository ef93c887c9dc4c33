import { EventEmitter } from 'node:events'
import workerThreads from 'node:worker_threads'
import type { Proc } from '../process.ts'
import { currentProcess } from './current.ts'
import { withinGetter } from './patch.ts'

type ChannelListener = (event: MessageEvent) => void

/** One end of a channel, with the methods of a browser's port and those of Node's. */
class Port extends EventEmitter {
  readonly #process: Proc
  readonly #waiting: unknown[] = []
  #started = false
  #closed = false
  #onmessage: ChannelListener | null = null
  other: Port | null = null

  constructor(process: Proc) {
    super()
    this.#process = process
    this.on('newListener', (name) => {
      if (name === 'message') this.start()
    })
  }

  get onmessage(): ChannelListener | null {
    return this.#onmessage
  }

  set onmessage(listener: ChannelListener | null) {
    this.#onmessage = listener
    if (listener !== null) this.start()
  }

  postMessage(value: unknown, transfer?: readonly unknown[] | { transfer?: readonly unknown[] }): void {
    const list = Array.isArray(transfer)
      ? transfer
      : (transfer as { transfer?: unknown[] } | undefined)?.transfer
    const copy = structuredClone(value, { transfer: [...(list ?? [])] as ArrayBuffer[] })
    this.other?.receive(copy)
  }

  receive(value: unknown): void {
    if (this.#closed) return
    if (!this.#started) this.#waiting.push(value)
    else this.#process.soon(0, () => this.#tell(value))
  }

  #tell(value: unknown): void {
    if (this.#closed) return
    const event = new MessageEvent('message', { data: value })
    this.#onmessage?.(event)
    this.emit('message', value)
    this.emit('message event', event)
  }

  start(): void {
    if (this.#started) return
    this.#started = true
    for (const value of this.#waiting.splice(0)) this.receive(value)
  }

  addEventListener(name: string, listener: ChannelListener): void {
    this.on(name === 'message' ? 'message event' : name, listener)
    if (name === 'message') this.start()
  }

  removeEventListener(name: string, listener: ChannelListener): void {
    this.off(name === 'message' ? 'message event' : name, listener)
  }

  close(): void {
    this.#end()
    if (this.other !== null) this.other.#end()
  }

  #end(): void {
    if (this.#closed) return
    this.#closed = true
    this.#process.soon(0, () => this.emit('close'))
  }

  ref(): void {}

  unref(): void {}
}

function channelOf(process: Proc): { readonly port1: Port; readonly port2: Port } {
  const [port1, port2] = [new Port(process), new Port(process)]
  port1.other = port2
  port2.other = port1
  return { port1, port2 }
}

/** By process and name. */
const broadcasts = new WeakMap<Proc, Map<string, Set<Broadcast>>>()

class Broadcast extends Port {
  readonly name: string
  readonly #all: Set<Broadcast>

  constructor(process: Proc, name: string) {
    super(process)
    this.name = name
    const channels = broadcasts.get(process) ?? new Map<string, Set<Broadcast>>()
    broadcasts.set(process, channels)
    this.#all = channels.get(name) ?? new Set()
    channels.set(name, this.#all)
    this.#all.add(this)
    this.start()
  }

  override postMessage(value: unknown): void {
    for (const each of this.#all) if (each !== this) each.receive(structuredClone(value))
  }

  override close(): void {
    this.#all.delete(this)
    super.close()
  }
}

/**
 * Channels hand messages over in turns of the event loop that nobody controls: here each is an
 * event of the process.
 */
export function patchChannels(): void {
  const makers = {
    MessageChannel: (process: Proc) => channelOf(process),
    BroadcastChannel: (process: Proc, [name]: readonly unknown[]) => new Broadcast(process, String(name)),
  }
  for (const [name, make] of Object.entries(makers)) {
    const real = Reflect.get(workerThreads, name) as new (...args: unknown[]) => object
    const construct = (target: typeof real, args: unknown[]): object => {
      const process = currentProcess()
      return process === undefined ? Reflect.construct(target, args) : make(process, args)
    }
    const patched = new Proxy(real, { construct })
    Reflect.set(workerThreads, name, patched)
    withinGetter(globalThis, name, () => patched)
  }
}
