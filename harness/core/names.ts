import type { HistoryEvent, Observation, RecordPosition, TopicPartition } from './history.ts'

/**
 * Names of events in domain words: `consumer-0 process end orders/1@7`, `consumer-1 OffsetCommit#2 applied`.
 * Schedules place faults by these names and never by step numbers, so a schedule keeps its meaning when other
 * parts of it are taken away. A name that occurs again in a run gets its occurrence behind it:
 * `consumer-0 process end orders/1@7 (2)`.
 */
export function eventName(event: Observation): string | null {
  switch (event.kind) {
    case 'append':
      return `${recordName(event)} appended`
    case 'request':
      return `${event.process} ${event.api}#${event.ordinal} ${event.phase}`
    case 'handler-start':
      return `${event.process} process start ${recordName(event)}`
    case 'handler-end':
      return `${event.process} process end ${recordName(event)}`
    case 'handler-failure':
      return `${event.process} process fail ${recordName(event)}`
    case 'batch-start':
      return `${event.process} batch start ${partitionName(event)}@${event.firstOffset}`
    case 'batch-end':
      return `${event.process} batch end ${partitionName(event)}@${event.firstOffset}`
    case 'resolved':
      return `${event.process} resolve ${recordName(event)}`
    case 'effect':
      return `${event.process} effect ${recordName(event)}`
    case 'believes':
      return `${event.process} assigned ${event.group}#${event.generation}`
    case 'process-started':
      return `${event.process} start`
    case 'process-terminating':
      return `${event.process} terminate`
    case 'consumer-crashed':
      return `${event.process} consumer crash`
    case 'rebalance':
      return `${event.group} rebalance`
    case 'generation':
      return `${event.group} generation ${event.generation}`
    case 'transaction':
      return `${event.transactionalId} ${event.phase}`
    default:
      return null
  }
}

/** The name with its occurrence: the first is the bare name. */
export function occurrenceName(name: string, occurrence: number): string {
  return occurrence === 1 ? name : `${name} (${occurrence})`
}

/** Every named event of a history, in order, with occurrences. */
export function namedEvents(
  events: readonly HistoryEvent[],
): { readonly name: string; readonly event: HistoryEvent }[] {
  const seen = new Map<string, number>()
  const named: { name: string; event: HistoryEvent }[] = []
  for (const event of events) {
    const name = eventName(event)
    if (name === null) continue
    const occurrence = (seen.get(name) ?? 0) + 1
    seen.set(name, occurrence)
    named.push({ name: occurrenceName(name, occurrence), event })
  }
  return named
}

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

/** Two hosts, and whether only bytes from the first to the second are meant. */
export interface Link {
  readonly from: string
  readonly to: string
  readonly oneWay: boolean
}

/** `consumer-0~broker-1` for both directions, `consumer-0>broker-1` for one. */
export function linkName({ from, to, oneWay }: Link): string {
  return `${from}${oneWay ? '>' : '~'}${to}`
}

/** The inverse of `linkName`, or null where the text is no link's name. */
export function parseLinkName(name: string): Link | null {
  const match = /^([^~>]+)([~>])([^~>]+)$/.exec(name)
  if (match === null) return null
  const [, from = '', sign, to = ''] = match
  return { from, to, oneWay: sign === '>' }
}

/** The processes of the app are numbered from 0: `consumer-0`. */
export function processName(number: number): string {
  return `consumer-${number}`
}

/** The inverse of `processName`, or null where the text is no process of the app. */
export function parseProcessName(name: string): number | null {
  const match = /^consumer-(\d+)$/.exec(name)
  return match === null ? null : Number(match[1])
}

/** `broker-0` */
export function brokerName(id: number): string {
  return `broker-${id}`
}
