import { recordInHand } from '../clients/record-in-hand.ts'
import { didYouMean } from '../core/did-you-mean.ts'
import { UsageError } from '../core/errors.ts'
import type { HistoryEvent, RecordPosition, TopicPartition } from '../core/history.ts'
import { nameInCluster, parseTopicInCluster, partitionName, recordName } from '../core/names.ts'
import type { EffectTarget } from '../core/scenario.ts'

/** The records that were ever written, as far as it takes to know one that never was. */
export class Written {
  /** By topic and partition: the offset behind the last record that was ever there. */
  readonly #ends: Map<string, Map<number, bigint>> = new Map()

  observe(event: HistoryEvent): void {
    if (event.kind !== 'append' && event.kind !== 'astray') return
    const partitions = this.#ends.get(event.topic) ?? new Map<number, bigint>()
    this.#ends.set(event.topic, partitions)
    const end = partitions.get(event.partition) ?? 0n
    if (event.offset >= end) partitions.set(event.partition, event.offset + 1n)
  }

  get topics(): readonly string[] {
    return [...this.#ends.keys()]
  }

  partitions(topic: string): readonly number[] {
    return [...(this.#ends.get(topic)?.keys() ?? [])].toSorted((a, b) => a - b)
  }

  end({ topic, partition }: TopicPartition): bigint | null {
    return this.#ends.get(topic)?.get(partition) ?? null
  }
}

/** The clusters of a run with several, as one process knows them. */
export interface ClustersOfProcess {
  readonly all: readonly string[]
  /** Those of which the process has consumed topics. */
  readonly consumed: readonly string[]
}

/** The clusters that each process has consumed, where there are several. */
export class ClustersConsumed {
  readonly #all: readonly string[]
  readonly #ofProcess: Map<string, Set<string>> = new Map()

  constructor(all: readonly string[]) {
    this.#all = all
  }

  get several(): boolean {
    return this.#all.length > 0
  }

  observe(event: HistoryEvent): void {
    if (event.kind !== 'consumer-started') return
    const known = this.#ofProcess.get(event.process) ?? new Set()
    this.#ofProcess.set(event.process, known)
    for (const topic of event.topics) known.add(parseTopicInCluster(topic).cluster ?? '')
  }

  /** Null: there is one cluster. */
  of(process: string): ClustersOfProcess | null {
    return this.several ? { all: this.#all, consumed: [...(this.#ofProcess.get(process) ?? [])] } : null
  }
}

/**
 * The record that an effect is of: the one that the app names, or without one that whose handler
 * runs.
 * @throws UsageError `bad-effect` where there is no such record: what is reported of it says
 * nothing about the app
 */
export function effectTarget(
  call: string,
  target: EffectTarget | undefined,
  written: Written,
  clusters: ClustersOfProcess | null = null,
): RecordPosition {
  if (target === undefined) {
    const record = recordInHand()
    if (record !== null) return record
    throw wrong(`${call}() was called without a record and outside the handler of a single one`)
  }
  const { offset } = target
  const topic = clusters === null ? target.topic : topicIn(call, target, clusters)
  const partition = partitionOf(target.partition)
  const known = offsetOf(offset)
  if (typeof topic !== 'string' || partition === null || known === null)
    throw wrong(
      `${call}() was given topic ${shown(topic)}, partition ${shown(target.partition)}, offset ${shown(offset)}`,
    )
  const record = { topic, partition, offset: known }
  const end = written.end(record)
  if (end !== null && known >= 0n && known < end) return record
  throw wrong(`${call}() was given ${recordName(record)}, and ${absence(record, end, written)}`)
}

/**
 * The words that an app gives to what it reports; numbers are words, too.
 * @throws UsageError `bad-effect` for anything that is no text: an object's says nothing
 */
export function wordsOfEffect(call: string, what: string, given: unknown): string {
  switch (typeof given) {
    case 'string':
      return given
    case 'number':
    case 'bigint':
    case 'boolean':
      return String(given)
    default:
      throw new UsageError(
        'bad-effect',
        `${call}() was given ${kindOf(given)} as its ${what}, which is a text; write String(…) around it, or leave it out`,
      )
  }
}

function kindOf(value: unknown): string {
  if (value === null) return 'null'
  if (value instanceof Uint8Array) return 'a Buffer'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}

/** The topic with its cluster: the one that the app names, or the only one that it can be. */
function topicIn(call: string, target: EffectTarget, { all, consumed }: ClustersOfProcess): string {
  const { cluster, topic } = target
  const names = all.join(' and ')
  if (typeof topic !== 'string' || all.includes(parseTopicInCluster(topic).cluster ?? '')) return topic
  if (cluster !== undefined) {
    if (all.includes(cluster)) return nameInCluster({ cluster, name: topic })
    throw wrong(`${call}() was given the cluster ${shown(cluster)}, and the clusters are ${names}`)
  }
  const inHand = recordInHand()
  if (inHand !== null && isSame(parseTopicInCluster(inHand.topic).name, inHand, target)) return inHand.topic
  const [only, ...others] = consumed
  if (only !== undefined && others.length === 0) return nameInCluster({ cluster: only, name: topic })
  const its = consumed.length === 0 ? 'none' : consumed.join(' and ')
  throw new UsageError(
    'bad-effect',
    `${call}() was given a record of ${topic} without its cluster, and its process consumes ${its} of ${names}; write { cluster: '${all[0]}', topic, partition, offset }`,
  )
}

function isSame(topic: string, { partition, offset }: RecordPosition, target: EffectTarget): boolean {
  return (
    topic === target.topic &&
    partition === partitionOf(target.partition) &&
    offset === offsetOf(target.offset)
  )
}

function absence(record: RecordPosition, end: bigint | null, written: Written): string {
  const { topic } = record
  if (end !== null)
    return record.offset === end
      ? `${partitionName(record)} ends before ${end}: that is the offset behind its last record`
      : `${partitionName(record)} has no record beyond ${end - 1n}`
  const partitions = written.partitions(topic)
  if (partitions.length > 0) return `${topic} has records in the partitions ${partitions.join(', ')} only`
  const hint = didYouMean(topic, written.topics)
  return `no topic '${topic}' has any record${hint === null ? '' : `; ${hint}`}`
}

/** A number, or one that was written as text, as in a header. */
function partitionOf(partition: unknown): number | null {
  const number = typeof partition === 'string' && /^\d{1,9}$/.test(partition) ? Number(partition) : partition
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : null
}

function offsetOf(offset: unknown): bigint | null {
  if (typeof offset === 'bigint') return offset
  const text = typeof offset === 'object' && offset !== null ? String(offset) : offset
  if (typeof text === 'number') return Number.isSafeInteger(text) ? BigInt(text) : null
  return typeof text === 'string' && /^-?\d{1,20}$/.test(text.trim()) ? BigInt(text) : null
}

function shown(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : String(value)
}

function wrong(what: string): UsageError {
  return new UsageError(
    'bad-effect',
    `${what}; give it the record's topic, partition and offset as the client gave them to the handler`,
  )
}
