import {
  type Body,
  decodeAssignment,
  decodeRecords,
  decodeStateRecord,
  decodeSubscription,
  isBody,
  markerOutcome,
  OFFSETS_RECORDS,
  type RecordBatch,
  readBatches,
  TRANSACTION_RECORDS,
} from '../../kafka/index.ts'
import { nameOf, type Table } from './answers.ts'

/** The owner whose records are shown, of all that are in an internal topic. */
export interface Owner {
  readonly group: string
  readonly transactionalId: string
  /** Producers whose markers are shown. */
  readonly producers: readonly bigint[]
  /** The script's topic, and its id. */
  readonly topic: string
  readonly topicId: string
}

const RECORDS = { ...OFFSETS_RECORDS, ...TRANSACTION_RECORDS }
/** Fields that no two clusters have alike. */
const TIMES = /Timestamp(?:Ms)?$|^timestamp$/
const HIDDEN = new Set(['clientId', 'clientHost', 'groupId', 'group', 'transactionalId', 'version'])
const OWNERS = new Set(['groupId', 'group', 'transactionalId'])

/**
 * The records of an internal topic that are this owner's, in order: the same text for what means
 * the same.
 */
export function stateText(bytes: Buffer, owner: Owner, table: Table): string {
  const lines = inOrder(readBatches(bytes).flatMap((batch) => linesOf(batch, owner, table)))
  return lines.length === 0 ? 'nothing' : lines.join('; ')
}

/** Brokers go through members in the order of hash maps, and some ids are random. */
function inOrder(lines: readonly string[]): string[] {
  const runs: string[][] = []
  for (const line of lines) {
    const run = runs.at(-1)
    if (run !== undefined && wordsOf(run[0] ?? '', 1) === wordsOf(line, 1)) run.push(line)
    else runs.push([line])
  }
  return runs.flatMap((run) => run.toSorted((a, b) => wordsOf(a, 3).localeCompare(wordsOf(b, 3))))
}

function wordsOf(line: string, count: number): string {
  return line.split(' ', count).join(' ')
}

function linesOf(batch: RecordBatch, owner: Owner, table: Table): string[] {
  const outcome = markerOutcome(batch)
  if (outcome !== null) {
    const own = owner.producers.includes(batch.producerId)
    return own ? [`${outcome} ${nameOf(table, batch.producerId)}/${batch.producerEpoch}`] : []
  }
  return decodeRecords(batch).flatMap(({ key, value }) => {
    const record = decodeStateRecord(RECORDS, key ?? Buffer.alloc(0), value)
    if (record === null || !isOwn(record.key, owner)) return []
    const about = [record.name, fieldsOf(record.key, owner, table)].filter((text) => text !== '').join(' ')
    if (record.value === null) return [`${about} gone`]
    const by = batch.transactional ? ` by ${nameOf(table, batch.producerId)}/${batch.producerEpoch}` : ''
    return [`${about}${by} {${fieldsOf(record.value, owner, table)}}`]
  })
}

function isOwn(key: Body, { group, transactionalId }: Owner): boolean {
  return Object.entries(key).some(
    ([name, value]) => OWNERS.has(name) && (value === group || value === transactionalId),
  )
}

function fieldsOf(body: Body, owner: Owner, table: Table): string {
  return Object.entries(body)
    .filter(([name]) => !HIDDEN.has(name))
    .map(([name, value]) => `${name} ${shown(name, value, owner, table)}`)
    .join(', ')
}

function shown(name: string, value: unknown, owner: Owner, table: Table): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) {
    const texts = value.map((each) => shown(name, each, owner, table))
    return `[${(name === 'members' ? texts.toSorted() : texts).join(' ')}]`
  }
  if (Buffer.isBuffer(value)) return protocolText(name, value, owner)
  if (isBody(value)) {
    const own = value.topic !== '__consumer_offsets'
    return own ? `{${fieldsOf(value, owner, table)}}` : 'its offsets'
  }
  if (TIMES.test(name)) return Number(value) < 0 ? 'never' : 'then'
  if (name === 'metadataHash') return value === 0n ? 'none' : 'some'
  if (name === 'memberId' || name === 'leader' || /producerId$/i.test(name)) return nameOf(table, value)
  const text = String(value)
  if (text === '') return "''"
  return text.replaceAll(owner.topic, 'topic').replaceAll(owner.topicId, 'its-id')
}

/** The text of bytes that clients write for one another inside the records of classic groups. */
function protocolText(name: string, bytes: Buffer, { topic }: Owner): string {
  if (bytes.length === 0) return 'empty'
  if (name === 'assignment') {
    const assigned = decodeAssignment(bytes) ?? []
    return assigned
      .map((each) => `${each.topic.replaceAll(topic, 'topic')}/${each.partitions.join(' ')}`)
      .join(' ')
  }
  return (decodeSubscription(bytes)?.topics ?? []).map((each) => each.replaceAll(topic, 'topic')).join(' ')
}
