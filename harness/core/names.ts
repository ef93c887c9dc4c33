import type { RecordPosition, TopicPartition } from './world-event.ts'

/*
 * Names of things, printed and parsed. Only this file and `event-names.ts` put a name together or
 * take one apart.
 */

export function partitionName({ topic, partition }: TopicPartition): string {
  return `${topic}/${partition}`
}

/** The inverse of `partitionName`, or null where the text is no partition's name. */
export function parsePartitionName(name: string): TopicPartition | null {
  const match = /^(.+)\/(\d+)$/.exec(name)
  if (match === null) return null
  const [, topic = '', partition = ''] = match
  return { topic, partition: Number(partition) }
}

export function recordName({ topic, partition, offset }: RecordPosition): string {
  return `${topic}/${partition}@${offset}`
}

/** The inverse of `recordName`, or null where the text is no record's name. */
export function parseRecordName(name: string): RecordPosition | null {
  const match = /^(.+)\/(\d+)@(\d+)$/.exec(name)
  if (match === null) return null
  const [, topic = '', partition = '', offset = ''] = match
  return { topic, partition: Number(partition), offset: BigInt(offset) }
}

/** A record's name out of the columns of a row, or null where they make none. */
export function recordNameOfRow(row: Readonly<Record<string, string | null>>): string | null {
  const { topic, partition, offset } = row
  const name = `${topic}/${partition}@${offset}`
  return parseRecordName(name) === null ? null : name
}

/** A request by whose it is, its Kafka name, and its number among those of this process. */
export interface RequestId {
  readonly process: string
  readonly api: string
  readonly ordinal: number
}

/** `consumer-0 OffsetCommit#2` */
export function requestName({ process, api, ordinal }: RequestId): string {
  return `${process} ${api}#${ordinal}`
}

/** The inverse of `requestName`, or null where the text is no request's name. */
export function parseRequestName(name: string): RequestId | null {
  const match = /^(\S+) (\w+)#(\d+)$/.exec(name)
  if (match === null) return null
  const [, process = '', api = '', ordinal = ''] = match
  return { process, api, ordinal: Number(ordinal) }
}

/**
 * A call of a service by whose it is, the service, what it asks for, and its number among those of
 * this process.
 */
export interface CallId {
  readonly process: string
  /** Name of the service in the scenario: `db`. */
  readonly service: string
  /** `COMMIT`, `POST /payments` */
  readonly operation: string
  readonly ordinal: number
}

/** `consumer-0 db COMMIT#2` */
export function callName(call: CallId): string {
  return `${call.process} ${call.service} ${operationName(call)}`
}

/** `db:5432`: where an app looks for a service. */
export function serviceAddress({ host, port }: { readonly host: string; readonly port: number }): string {
  return `${host}:${port}`
}

/** `COMMIT#2`, where it is known whose it is and at which service. */
export function operationName({ operation, ordinal }: Pick<CallId, 'operation' | 'ordinal'>): string {
  return `${operation}#${ordinal}`
}

/** The inverse of `callName`, or null where the text is no call's name. */
export function parseCallName(name: string): CallId | null {
  const match = /^(\S+) (\S+) (.+)#(\d+)$/.exec(name)
  if (match === null) return null
  const [, process = '', service = '', operation = '', ordinal = ''] = match
  return { process, service, operation, ordinal: Number(ordinal) }
}

/**
 * The name of a request or a call in parts: its process, all of it but the number
 * (`consumer-0 OffsetCommit`), and the number.
 */
export function parseNumbered(name: string): {
  readonly process: string
  readonly sort: string
  readonly ordinal: number
} {
  const at = name.lastIndexOf('#')
  const sort = name.slice(0, at)
  return { process: sort.slice(0, sort.indexOf(' ')), sort, ordinal: Number(name.slice(at + 1)) }
}

/** The request or call of this name and those of the same sort that follow it, so many in all. */
export function namesFrom(name: string, count: number): readonly string[] {
  const { sort, ordinal } = parseNumbered(name)
  return Array.from({ length: count }, (_, index) => `${sort}#${ordinal + index}`)
}

/** Two hosts, and whether only bytes from the first to the second are meant. */
export interface LinkName {
  readonly from: string
  readonly to: string
  readonly oneWay: boolean
}

/** `consumer-0~broker-1` for both directions, `consumer-0>broker-1` for one. */
export function linkName({ from, to, oneWay }: LinkName): string {
  return `${from}${oneWay ? '>' : '~'}${to}`
}

/** The inverse of `linkName`, or null where the text is no link's name. */
export function parseLinkName(name: string): LinkName | null {
  const match = /^([^~>]+)([~>])([^~>]+)$/.exec(name)
  if (match === null) return null
  const [, from = '', sign, to = ''] = match
  return { from, to, oneWay: sign === '>' }
}

/** The app of a scenario that has one only. */
export const DEFAULT_APP = 'consumer'

/** The processes of an app are numbered from 0: `consumer-0`, `relay-0`. */
export function processName(number: number, app: string = DEFAULT_APP): string {
  return `${app}-${number}`
}

/** The inverse of `processName`, or null where the text is no process of an app. */
export function parseAppProcess(name: string): { readonly app: string; readonly number: number } | null {
  const [, app = '', number] = /^(.+)-(\d+)$/.exec(name) ?? []
  return number === undefined || app === 'broker' ? null : { app, number: Number(number) }
}

/** One life of a process, counted from 0: `consumer-0#1` after its first restart. */
export function incarnationName({
  process,
  incarnation,
}: {
  readonly process: string
  readonly incarnation: number
}): string {
  return `${process}#${incarnation}`
}

/** One generation of a group: `billing#3`. */
export function generationName({
  group,
  generation,
}: {
  readonly group: string
  readonly generation: number
}): string {
  return `${group}#${generation}`
}

/** Where each broker of a simulated cluster listens, at a host of its own. */
export const BROKER_PORT = 9092

/** `broker-0`; of a cluster among several `broker-0.b`, as a host of its domain. */
export function brokerName(id: number, cluster: string | null = null): string {
  return cluster === null ? `broker-${id}` : `broker-${id}.${cluster}`
}

/** The inverse of `brokerName`, or null where the text is no broker. */
export function parseBrokerName(name: string): number | null {
  const match = /^broker-(\d+)(?:\.[a-z]\w*)?$/.exec(name)
  return match === null ? null : Number(match[1])
}

/** The cluster of a broker among several clusters, or null. */
export function clusterOfBroker(name: string): string | null {
  return /^broker-\d+\.([a-z]\w*)$/.exec(name)?.[1] ?? null
}

/** A topic, group or transactional id, and the cluster that has it; null: there is one only. */
export interface InCluster {
  readonly cluster: string | null
  readonly name: string
}

/** `b:orders`: where there are several clusters, all that one of them has is named with it. */
export function nameInCluster({ cluster, name }: InCluster): string {
  return cluster === null ? name : `${cluster}:${name}`
}

/**
 * The inverse of `nameInCluster` for topics, whose own names have no colon. What one cluster alone
 * has comes back as it is.
 */
export function parseTopicInCluster(topic: string): InCluster {
  const at = topic.indexOf(':')
  return at === -1
    ? { cluster: null, name: topic }
    : { cluster: topic.slice(0, at), name: topic.slice(at + 1) }
}

/**
 * The name of this group in the cluster of that topic: an app that moves from one cluster to
 * another keeps its group.
 */
export function groupBeside(group: string, topic: string): string {
  const { cluster } = parseTopicInCluster(topic)
  return cluster === null || group === ''
    ? group
    : nameInCluster({ cluster, name: group.slice(group.indexOf(':') + 1) })
}

/** How things are called in another schedule. */
export interface Renaming {
  process?(name: string): string
  record?(at: RecordPosition): RecordPosition
  partition?(at: TopicPartition): TopicPartition
}

/** Words and a number: perhaps a process, and perhaps with other words before its name. */
const PROCESS_IN_ID = /\b[a-z]\w*(?:-[a-z]\w*)*-\d+\b/g

/** Apps make ids of their groups and transactions with the name of the instance in them. */
export function renamedId(id: string, process: (name: string) => string): string {
  return id.replace(PROCESS_IN_ID, (words) => renamedTail(words, process))
}

/** Of `tx-order-relay-0` the longest end that has another name. */
function renamedTail(words: string, process: (name: string) => string): string {
  const renamed = process(words)
  const rest = words.indexOf('-') + 1
  if (renamed !== words || !words.includes('-', rest)) return renamed
  return words.slice(0, rest) + renamedTail(words.slice(rest), process)
}
