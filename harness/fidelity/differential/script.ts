import type { ApiName, RequestDraft } from '../../kafka/index.ts'
import type { ConsumerStep } from './consumer-steps.ts'

/**
 * One step of a script. Members, producers and transactions are numbers of the script's own;
 * generations, sequences and offsets are said relative to what the cluster has answered so far, so
 * that the same script has the same meaning everywhere.
 */
export type Step =
  | ConsumerStep
  | { readonly do: 'produce'; readonly partition: number; readonly count: number; readonly version: number }
  | {
      readonly do: 'idempotent'
      readonly producer: number
      readonly partition: number
      readonly count: number
      /** `top`: the last one before sequences begin again at 0. */
      readonly sequence: 'next' | 'again' | 'gap' | 'first' | 'top'
      readonly epoch: 'own' | 'older'
      readonly version: number
    }
  | { readonly do: 'new-producer'; readonly producer: number; readonly version: number }
  | {
      readonly do: 'fetch'
      readonly partition: number
      readonly from: 'start' | 'end' | 'beyond' | 'below' | 'middle'
      readonly committed: boolean
      readonly version: number
    }
  | {
      readonly do: 'list-offsets'
      readonly partition: number
      readonly at: 'earliest' | 'latest' | 'time' | 'never'
      readonly committed: boolean
      readonly version: number
    }
  | { readonly do: 'delete-records'; readonly partition: number; readonly upTo: 'middle' | 'end' | 'beyond' }
  | {
      readonly do: 'join'
      readonly member: number
      readonly as: 'self' | 'new' | 'unknown'
      readonly protocol: 'range' | 'roundrobin'
      /** A static member's `group.instance.id`. */
      readonly instance?: number
      /** Waits for others for as long as it takes them all to come. */
      readonly patient?: true
      readonly version: number
    }
  | {
      readonly do: 'sync'
      readonly member: number
      readonly generation: Generation
      readonly version: number
    }
  | { readonly do: 'await'; readonly member: number }
  /**
   * The leader leaves and the others join again. The next leader is the first in a map of Java's:
   * a matter of chance, since member ids are drawn at random.
   */
  | { readonly do: 'succession'; readonly leader: number; readonly others: readonly number[] }
  | {
      readonly do: 'heartbeat'
      readonly member: number
      readonly generation: Generation
      readonly version: number
    }
  | {
      readonly do: 'leave'
      readonly member: number
      /** By its instance id alone, as administrators do. */
      readonly expelled?: boolean
      readonly version: number
    }
  | {
      readonly do: 'commit'
      /** Null: without a member, as administrators do. */
      readonly member: number | null
      readonly generation: Generation
      readonly partition: number
      readonly offset: number
      readonly version: number
    }
  | { readonly do: 'offsets'; readonly all: boolean; readonly version: number }
  | { readonly do: 'describe-group'; readonly version: number }
  | { readonly do: 'delete-group' }
  | {
      readonly do: 'begin'
      readonly transaction: number
      /** `transaction.timeout.ms`; default: a minute. */
      readonly timeoutMs?: number
      readonly version: number
    }
  | {
      readonly do: 'add-partition'
      readonly transaction: number
      readonly partition: number
      readonly version: number
    }
  | {
      readonly do: 'send'
      readonly transaction: number
      readonly partition: number
      readonly count: number
      readonly version: number
    }
  | { readonly do: 'add-offsets'; readonly transaction: number; readonly version: number }
  | {
      readonly do: 'send-offsets'
      readonly transaction: number
      readonly member: number | null
      readonly generation: Generation
      readonly partition: number
      readonly offset: number
      readonly version: number
    }
  | { readonly do: 'end'; readonly transaction: number; readonly commit: boolean; readonly version: number }
  /**
   * Reads the records in an internal topic of the script's group, or of a transactional id of it.
   */
  | { readonly do: 'read-state'; readonly of: 'group' | 'transaction'; readonly number?: number }
  | { readonly do: 'restart' }
  | ({ readonly do: 'ask' } & Ask)
  /** Requests behind one another on a connection of their own, without waiting for answers. */
  | { readonly do: 'pipeline'; readonly asks: readonly Ask[] }
  /** Bytes on a connection of their own. */
  | { readonly do: 'bytes'; readonly hex: string }
  | { readonly do: 'sleep'; readonly ms: number }

/**
 * Any request. Texts in the body stand for what the script has met: `$topic`, `$group`, `$other` (a
 * topic that is not there), `$m0` (a member's id), `$g0` (its generation), `$p0` and `$e0` (a
 * producer's id and epoch), `$t0` and `$f0` (a transaction's producer id and epoch; `$f0+1`: the
 * next one), `$id0` (its transactional id), `$uuid` (the topic's id), `$client` (the client id),
 * `$batch` (a record), `$big-batch` (20,000 bytes of one).
 */
export type Ask<Api extends ApiName = ApiName> = {
  readonly [Each in Api]: {
    readonly api: Each
    readonly version: number
    readonly body: Scripted<RequestDraft<Each>>
    /** Fields of the answer that are shown, wherever they stand. */
    readonly show?: readonly string[]
    /** Sent on this member's connection. */
    readonly member?: number
  }
}[Api]

/** A body in which variables may stand in place of values. */
export type Scripted<T> = T extends Buffer
  ? T | Variable
  : T extends readonly (infer Element)[]
    ? readonly Scripted<Element>[]
    : T extends object
      ? { readonly [Name in keyof T]: Scripted<T[Name]> }
      : T | Variable

type Variable = `$${string}`

export type Generation = 'own' | 'older' | 'newer'

export interface Script {
  readonly name: string
  readonly steps: readonly Step[]
  /**
   * A member's share depends on the order of random ids: only the number of its partitions is
   * compared.
   */
  readonly countsOnly?: boolean
  /** The release from which on brokers know all of its steps; default: all releases. */
  readonly since?: '4.0'
}

export const PARTITIONS = 2
export const MEMBERS = 3
export const SESSION_MS = 4_000
export const REBALANCE_MS = 1_700
