import type { ClientPort, HandlerPlan } from '../clients/client.interface.ts'
import { errorText } from '../core/error-text.ts'
import { occurrenceName, printed } from '../core/event-names.ts'
import type { Hold } from '../core/fault.ts'
import type { Observation, RecordPosition } from '../core/history.ts'
import { entryAt } from '../core/lists.ts'
import { partitionName, recordName } from '../core/names.ts'
import { portInCluster } from './port-in-cluster.ts'
import type { RecordPlans } from './record-plans.ts'
import type { Incarnation } from './scheduler.interface.ts'

export interface PortOptions {
  readonly process: Incarnation
  readonly plans: RecordPlans
  /** A handler's success is its effect. */
  readonly handlersAreEffects: boolean
  observe(observation: Observation): void
  /** Told of the error with which a handler ended. */
  failed?(error: unknown): void
  /**
   * The generation of this member's latest assignment, as its coordinator has it; −1 where it has
   * none.
   */
  generationOf(memberId: string): number
  /** Told of each consumer that the app makes; see `ClientPort`. */
  uses(client: string): void
  /** Whether this incarnation gave the record up on purpose: its handler is then no effect. */
  gaveUp(record: RecordPosition): boolean
  /** See `Holds`. */
  readonly holds: Holds
  /** The cluster of clients with these bootstrap addresses; null: there is one only. */
  readonly clusterOf: ((brokers: readonly string[]) => string) | null
}

/**
 * The error that a `handler-error` fault throws into a handler: retriable, as a failed call to a
 * service is.
 */
export class InjectedHandlerError extends Error {
  constructor(record: string) {
    super(`injected: the handler of ${record} failed`)
    this.name = 'InjectedHandlerError'
  }
}

/** Delays of named messages and handlers, in microseconds; names may carry an occurrence. */
export class Holds {
  readonly #delays: ReadonlyMap<string, number>
  readonly #occurrences: Map<string, number> = new Map()

  constructor(holds: readonly Hold[]) {
    this.#delays = new Map(holds.map(({ event, durationMs }) => [event, durationMs * 1000]))
  }

  /** False: there are no holds, and names need not be built. */
  get any(): boolean {
    return this.#delays.size > 0
  }

  /** Counts an occurrence of this name, and says how long it is held. */
  take(name: string): number {
    if (!this.any) return 0
    const occurrence = (this.#occurrences.get(name) ?? 0) + 1
    this.#occurrences.set(name, occurrence)
    return this.#delays.get(occurrenceName(name, occurrence)) ?? 0
  }
}

/** Receives the reports of a client's adapter; one for each incarnation. */
export function createPort(options: PortOptions): ClientPort {
  const { process, handlersAreEffects } = options
  const by = { process: process.name, incarnation: process.incarnation }
  const observe = (observation: Observation): void => {
    if (process.alive) options.observe(observation)
  }
  /** Offsets of the batch that the app resolved by itself: their effects are recorded. */
  const resolvedInBatch = new Map<string, Set<bigint>>()
  const effect = (record: RecordPosition): void => {
    if (!handlersAreEffects || options.gaveUp(record)) return
    observe({ kind: 'effect', label: 'handler', via: 'handler', ...by, ...record })
  }
  const port: ClientPort = {
    process,
    severalClusters: options.clusterOf !== null,
    ofCluster: (brokers) => portOf(options, port, brokers),
    named: (records) => records,
    uses: options.uses,
    observe,
    believes(group, memberId, partitions) {
      const generation = options.generationOf(memberId)
      observe({ kind: 'believes', group, memberId, generation, partitions, ...by })
    },
    handlerStart(group, records, batch) {
      if (batch) resolvedInBatch.set(batchKey(records), new Set())
      observe(
        batch
          ? { kind: 'batch-start', group, ...by, ...range(records), offsets: records.map(offsetOf) }
          : { kind: 'handler-start', group, ...by, ...first(records) },
      )
      return planFor(options, records, batch)
    },
    handlerEnd(group, records, batch, undone = []) {
      const done = batch ? resolvedInBatch.get(batchKey(records)) : undefined
      const left = new Set(undone.map(offsetOf))
      for (const record of records)
        if (done?.has(record.offset) !== true && !left.has(record.offset)) effect(record)
      observe(
        batch
          ? { kind: 'batch-end', group, ...by, ...range(records), error: null }
          : { kind: 'handler-end', group, ...by, ...first(records) },
      )
    },
    handlerFailure(group, records, batch, error) {
      const message = errorText(error)
      options.failed?.(error)
      observe(
        batch
          ? { kind: 'batch-end', group, ...by, ...range(records), error: message }
          : { kind: 'handler-failure', group, ...by, ...first(records), error: message },
      )
    },
    resolved(group, record) {
      effect(record)
      resolvedInBatch.get(partitionName(record))?.add(record.offset)
      observe({ kind: 'resolved', group, ...by, ...record })
    },
    sleep: (durationUs) => new Promise((resolve) => process.after(durationUs, resolve)),
  }
  return port
}

function portOf({ clusterOf }: PortOptions, port: ClientPort, brokers: () => readonly string[]): ClientPort {
  return clusterOf === null ? port : portInCluster(port, () => clusterOf(brokers()))
}

function planFor(
  { plans, process, holds, handlersAreEffects }: PortOptions,
  records: readonly RecordPosition[],
  batch: boolean,
): HandlerPlan {
  let error: Error | null = null
  let delayBeforeUs = 0
  for (const record of records) {
    const failing = plans.take(record, ['fail-handler'])
    if (failing !== null) error ??= new InjectedHandlerError(recordName(record))
    if (handlersAreEffects) delayBeforeUs += plans.take(record, ['slow'])?.delayUs ?? 0
  }
  if (!holds.any) return { error, delayBeforeUs, delayAfterUs: 0 }
  const does = batch ? 'batch start' : 'process start'
  const name = printed({ of: 'work', process: process.name, does, record: first(records) })
  return { error, delayBeforeUs, delayAfterUs: holds.take(name) }
}

function first(records: readonly RecordPosition[]): RecordPosition {
  return entryAt(records, 0)
}

function offsetOf({ offset }: RecordPosition): bigint {
  return offset
}

function range(records: readonly RecordPosition[]): {
  topic: string
  partition: number
  firstOffset: bigint
  lastOffset: bigint
} {
  const { topic, partition, offset } = first(records)
  return { topic, partition, firstOffset: offset, lastOffset: entryAt(records, records.length - 1).offset }
}

function batchKey(records: readonly RecordPosition[]): string {
  return partitionName(first(records))
}
