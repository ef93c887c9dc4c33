import { type Body, decodeRecords, errorName, readBatches } from '../../kafka/index.ts'

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

/** All values of this field in an answer, in the order of partitions. */
export function offsetsIn(body: Body, field: string): string {
  const found: { partition: number; value: unknown }[] = []
  const walk = (value: unknown): void => {
    if (Array.isArray(value)) return value.forEach(walk)
    if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return
    const each = value as Body
    const partition = each['partitionIndex'] ?? each['index']
    if (field in each) found.push({ partition: Number(partition), value: each[field] })
    Object.values(each).forEach(walk)
  }
  walk(body)
  return found
    .sort((a, b) => a.partition - b.partition)
    .map(({ value }) => String(value))
    .join(' ')
}

/**
 * The content of a Fetch answer for one partition: its watermarks, aborted transactions, and every
 * record.
 */
export function recordsIn(answer: Body, table: Table): string {
  if (answer['failed'] !== undefined) return String(answer['failed'])
  const [topic] = answer['responses'] as { partitions: Body[] }[]
  const partition = topic?.partitions[0]
  if (partition === undefined) return errorName(Number(answer['errorCode'] ?? 0))
  const error = errorName(Number(partition['errorCode']))
  const { highWatermark, lastStableOffset, logStartOffset } = partition
  const marks = `high ${String(highWatermark)} stable ${String(lastStableOffset)} start ${String(logStartOffset)}`
  const aborted = ((partition['abortedTransactions'] as Body[] | null | undefined) ?? [])
    .map(({ producerId, firstOffset }) => `${nameOf(table, producerId)} from ${String(firstOffset)}`)
    .sort()
  const batches = readBatches((partition['records'] as Buffer | null) ?? Buffer.alloc(0))
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
export function shownValues(body: Body, field: string, table: Table): string {
  const found: string[] = []
  const walk = (value: unknown): void => {
    if (Array.isArray(value)) return value.forEach(walk)
    if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return
    for (const [name, each] of Object.entries(value as Body)) {
      if (name === field) found.push(shown(name, each, table))
      walk(each)
    }
  }
  walk(body)
  // Brokers list these in no order.
  if (UNORDERED.has(field)) found.sort()
  return found.length === 0 ? '(none)' : found.join(' ')
}

function shown(name: string, value: unknown, table: Table): string {
  if (Buffer.isBuffer(value)) return `${value.length} bytes`
  if (Array.isArray(value)) return `[${value.map((each) => shown(name, each, table)).join(' ')}]`
  if (value === null) return 'null'
  if (typeof value === 'object')
    return `{${Object.entries(value as Body)
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
export function deepError(body: Body): string {
  if (body['failed'] !== undefined) return String(body['failed'])
  return errorName(firstError(body, ['errorCode']))
}

/**
 * The first error in an answer to AddPartitionsToTxn, which calls its errors otherwise, or NONE.
 */
export function addingError(body: Body): string {
  if (body['failed'] !== undefined) return String(body['failed'])
  return errorName(firstError(body, ['errorCode', 'partitionErrorCode']))
}

export function topError(body: Body): string {
  return body['failed'] === undefined ? errorName(Number(body['errorCode'])) : String(body['failed'])
}

function firstError(value: unknown, fields: readonly string[]): number {
  if (Array.isArray(value))
    return value.map((each) => firstError(each, fields)).find((code) => code !== 0) ?? 0
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return 0
  for (const field of fields) {
    const own = (value as Body)[field]
    if (typeof own === 'number' && own !== 0) return own
  }
  return firstError(Object.values(value), fields)
}
