import { deserialize, serialize } from 'node:v8'
import type { Observation, RecordPosition, TopicPartition } from '../../core/history.ts'
import type { ServiceAddress } from '../../core/service.ts'

/**
 * Messages between a child and the harness. A child stands still from each question until its
 * answer is there, so that its own events and those that a gate sees have one order, and a signal
 * hits a process that stands exactly there.
 */
export type Question =
  | { readonly kind: 'setup' }
  /** The app's module is loaded, and `main` is about to be called. */
  | { readonly kind: 'ready' }
  /** All that the child had begun when it was told to stand still is done. */
  | { readonly kind: 'turn-over' }
  | { readonly kind: 'observe'; readonly observation: Observation }
  | {
      readonly kind: 'believes'
      readonly group: string
      readonly memberId: string
      readonly partitions: readonly TopicPartition[]
    }
  | (Handling & { readonly kind: 'handler-start' })
  | (Handling & { readonly kind: 'handler-end'; readonly undone?: readonly RecordPosition[] })
  | (Handling & { readonly kind: 'handler-failure'; readonly error: string })
  | { readonly kind: 'resolved'; readonly group: string; readonly record: RecordPosition }
  | { readonly kind: 'skip'; readonly target: RecordPosition; readonly reason: string }
  /** No code has caught the error: Node is about to end the process. */
  | { readonly kind: 'uncaught'; readonly reason: string }
  | { readonly kind: 'begin'; readonly transaction: number }
  | {
      readonly kind: 'put'
      readonly transaction: number
      readonly table: string
      readonly key: string
      readonly value: unknown
    }
  | { readonly kind: 'delete'; readonly transaction: number; readonly table: string; readonly key: string }
  | {
      readonly kind: 'effect'
      readonly transaction: number
      readonly target: RecordPosition
      readonly label: string
    }
  /** The questions from here on are answered later, by the number of the call. */
  | {
      readonly kind: 'record'
      readonly call: number
      readonly target: RecordPosition
      readonly label: string
    }
  | {
      readonly kind: 'get'
      readonly call: number
      readonly transaction: number
      readonly table: string
      readonly key: string
    }
  | { readonly kind: 'commit'; readonly call: number; readonly transaction: number }

export interface Handling {
  readonly group: string
  readonly records: readonly RecordPosition[]
  readonly batch: boolean
}

/** The answer to a question. */
export interface Answered {
  readonly value: unknown
  /** The child goes on to the end of its turn, and asks then whether it is to stand still. */
  readonly lastTurn: boolean
}

/** The answer to `setup`. */
export interface Setup {
  readonly instance: string
  readonly incarnation: number
  readonly brokers: readonly string[]
  /** Where the app finds the scenario's services, by their names. */
  readonly services: Readonly<Record<string, ServiceAddress>>
  /** Ports of 127.0.0.1 by what the app calls a service: `db:5432`. */
  readonly routes: Readonly<Record<string, number>>
  readonly app: ChildApp
}

/** A module with a default export, or a function in a scenario of a file. Paths are absolute. */
export type ChildApp = { readonly module: string } | { readonly file: string; readonly scenario: string }

/** The answer to `handler-start`; the error as its message. */
export interface EffectPlan {
  readonly error: string | null
  readonly delayBeforeUs: number
  readonly delayAfterUs: number
}

/** The late answer to a call. */
export type Settled =
  | { readonly call: number; readonly value: unknown }
  | {
      readonly call: number
      readonly error: { readonly name: string; readonly code: string; readonly message: string }
    }

/** Told beside the late answers: SIGTERM is on its way. */
export const TERMINATING = 'terminating'
/** Told beside the late answers: this turn is the last one. */
export const STANDING = 'standing'

/** Descriptors of a child. */
export const QUESTIONS_FD = 3
export const ANSWERS_FD = 4
export const SETTLED_FD = 5

const SIZE_BYTES = 4

/** Anything that can be cloned, with its size in front. */
export function packed(message: unknown): Buffer {
  const body = serialize(message)
  const size = Buffer.alloc(SIZE_BYTES)
  size.writeUInt32BE(body.length)
  return Buffer.concat([size, body])
}

/** Messages out of bytes that may be cut anywhere. */
export class Unpacker<Message> {
  #rest: Buffer = Buffer.alloc(0)

  add(bytes: Buffer): void {
    this.#rest = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes])
  }

  /** The next whole message, or undefined; no message is undefined. */
  next(): Message | undefined {
    if (this.#rest.length < SIZE_BYTES) return undefined
    const end = SIZE_BYTES + this.#rest.readUInt32BE(0)
    if (this.#rest.length < end) return undefined
    const body = this.#rest.subarray(SIZE_BYTES, end)
    this.#rest = this.#rest.subarray(end)
    return deserialize(body)
  }
}
