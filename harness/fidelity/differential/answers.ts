import { decodeRecords, errorName, readBatches } from '../../kafka/index.ts'
import type { ProbeAnswer, Unanswered } from '../../kafka/probe/index.ts'

/**
 * Names for ids that differ from cluster to cluster, by the order in which they were first seen.
 */
export interface Table {
  readonly ids: Map<string, string>
}

/** The name that this id has in what is seen. */
export function nameOf({ ids }: Table, id: unknown): string {
  const key = String(id)
  const known = ids.get(key)
  if (known !== undefined) return known
  const made = key === '-1' ? 'nobody' : `p${ids.size}`
  ids.set(key, made)
  return made
}

/** A level of an answer; requests name the field of the partition in two ways. */
interface OfPartition {
  readonly partitionIndex?: number
  readonly index?: number
}

/** All values of this field in an answer, in the order of partitions. */
export function offsetsIn(answer: object, field: string): string {
  const found: { partition: number; value: unknown }[] = []
  const walk = (value: unknown): void => {
    if (Array.isArray(value)) return value.forEach(walk)
    if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return
    const { partitionIndex, index }: OfPartition = value
    for (const [name, each] of Object.entries(value)) {
      if (name === field) found.push({ partition: Number(partitionIndex ?? index), value: each })
      walk(each)
    }
  }
  walk(answer)
  return found
    .sort((a, b) => a.partition - b.partition)
    .map(({ value }) => String(value))
    .join(' ')
}

/**
 * The content of a Fetch answer for one partition: its watermarks, aborted transactions, and every
 * record.
 */
export function recordsIn(answer: ProbeAnswer<'Fetch'>, table: Table): string {
  if ('failed' in answer) return answer.failed
  const [topic] = answer.responses
  const partition = topic?.partitions[0]
  if (partition === undefined) return errorName(answer.errorCode)
  const error = errorName(partition.errorCode)
  const { highWatermark, lastStableOffset, logStartOffset } = partition
  const marks = `high ${highWatermark} stable ${lastStableOffset} start ${logStartOffset}`
  const aborted = (partition.abortedTransactions ?? [])
    .map(({ producerId, firstOffset }) => `${nameOf(table, producerId)} from ${firstOffset}`)
    .sort()
  const batches = readBatches(partition.records ?? Buffer.alloc(0))
  const shown = batches.map((batch) => {
    const by = nameOf(table, batch.producerId)
    const what = batch.control
      ? 'marker'
      : decodeRecords(batch)
          .map(({ offset, value }) => `${offset}:${String(value)}`)
          .join(',')
    const kind = batch.transactional ? ' in transaction' : ''
    return `[${batch.baseOffset}-${batch.lastOffset} ${by}/${batch.producerEpoch}/${batch.baseSequence}${kind} ${what}]`
  })
  return [error, marks, ...(aborted.length === 0 ? [] : [`aborted ${aborted.join(', ')}`]), ...shown].join(
    ' ',
  )
}

const UNORDERED = new Set(['partitionIndex', 'entityType', 'operation', 'permissionType', 'mechanism'])

/** Every value of this field, wherever it stands; ids by their names, bytes by their number. */
export function shownValues(answer: object, field: string, table: Table): string {
  const found: string[] = []
  const walk = (value: unknown): void => {
    if (Array.isArray(value)) return value.forEach(walk)
    if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return
    for (const [name, each] of Object.entries(value)) {
      if (name === field) found.push(shown(name, each, table))
      walk(each)
    }
  }
  walk(answer)
  // Brokers list these in no order.
  if (UNORDERED.has(field)) found.sort()
  return found.length === 0 ? '(none)' : found.join(' ')
}

function shown(name: string, value: unknown, table: Table): string {
  if (Buffer.isBuffer(value)) return `${value.length} bytes`
  if (Array.isArray(value)) return `[${value.map((each) => shown(name, each, table)).join(' ')}]`
  if (value === null) return 'null'
  if (typeof value === 'object')
    return `{${Object.entries(value)
      .map(([key, each]) => `${key} ${shown(key, each, table)}`)
      .join(' ')}}`
  if (/^(?:memberId|leader|producerId|topicId|groupId|topicName|name|topic)$/.test(name))
    return nameOf(table, value)
  // To the second: real time passes between two requests, and names are not of the same length
  // everywhere.
  if (name === 'throttleTimeMs') return `${Math.round(Number(value) / 1_000)} s`
  return name === 'errorCode' ? errorName(Number(value)) : String(value)
}

/** The first error anywhere in the answer, or NONE. */
export function deepError(answer: object): string {
  if ('failed' in answer) return String(answer.failed)
  return errorName(firstError(answer, ['errorCode']))
}

/**
 * The first error in an answer to AddPartitionsToTxn, which calls its errors otherwise, or NONE.
 */
export function addingError(answer: ProbeAnswer<'AddPartitionsToTxn'>): string {
  if ('failed' in answer) return answer.failed
  return errorName(firstError(answer, ['errorCode', 'partitionErrorCode']))
}

/** The error of the answer as a whole, or NONE. */
export function topError(answer: { readonly errorCode: number } | Unanswered): string {
  return 'failed' in answer ? answer.failed : errorName(answer.errorCode)
}

function firstError(value: unknown, fields: readonly string[]): number {
  if (Array.isArray(value))
    return value.map((each) => firstError(each, fields)).find((code) => code !== 0) ?? 0
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return 0
  for (const [name, own] of Object.entries(value))
    if (typeof own === 'number' && own !== 0 && fields.includes(name)) return own
  return firstError(Object.values(value), fields)
}
