import { recordInHand } from '../clients/record-in-hand.ts'
import { didYouMean } from '../core/did-you-mean.ts'
import { UsageError } from '../core/errors.ts'
import type { HistoryEvent, RecordPosition, TopicPartition } from '../core/history.ts'
import { partitionName, recordName } from '../core/names.ts'
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
): RecordPosition {
  if (target === undefined) {
    const record = recordInHand()
    if (record !== null) return record
    throw wrong(`${call}() was called without a record and outside the handler of a single one`)
  }
  const { topic, offset } = target
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
