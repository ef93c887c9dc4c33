import { GROUP_APIS, isWritten } from '../apis.ts'
import {
  callName,
  linkName,
  parseAppProcess,
  parseCallName,
  parseLinkName,
  parsePartitionName,
  parseRecordName,
  parseRequestName,
  partitionName,
  processName,
  type Renaming,
  recordName,
  renamedId,
  requestName,
} from '../names.ts'
import { appOf, appsOf, type WorkloadApp } from '../processes.ts'
import type { AnyEvent, CallEvent, RequestEvent } from '../world-event.ts'
import type { Surroundings } from './place.ts'

/** A sort of target that faults can have. */
export interface FaultTarget {
  /** In words, for a table. */
  readonly what: string
  /** Names of what this event is about, and of what a fault of this sort would be done to here. */
  at(event: AnyEvent, around: Surroundings): readonly string[]
  /** By its new name; a name that is none of this sort stays as it is. */
  renamed(name: string, renaming: Renaming): string
  /** The process of the app that a fault with this target hits, or null. */
  processOf?(name: string): string | null
  /**
   * `each`: a sweep tries it at each event; `telling`: at the telling ones, since whether it begins
   * one event sooner or later hardly matters.
   */
  readonly swept: 'each' | 'telling'
  /**
   * The process of this name is what the fault hits; elsewhere it is the one at whose event the
   * fault stands.
   */
  readonly isProcess?: true
  /** A process that is not there yet: each fault needs another name. */
  readonly isNew?: true
  /** The moment is part of the target: where one moves, the other does. */
  readonly followsMoment?: true
  /** Names that differ in a value only (which way of a link) give the same text. */
  subject?(name: string): string
}

/** No such app. */
const NOBODY: WorkloadApp = { processes: 0, atLeast: 0, atMost: 0 }
const PROCESS_PHASES: ReadonlySet<string> = new Set(['sent', 'applied', 'acknowledged'])

/** `consumer-0`, `consumer-1` … */
export const process: FaultTarget = {
  what: 'process',
  at: (event) => processesOf(event),
  renamed: (name, { process: rename = same }) => rename(name),
  processOf: (name) => name,
  swept: 'each',
  isProcess: true,
}

/** The next number that no process has. */
export const newProcess: FaultTarget = {
  what: "a new process's name",
  at: (event, around) =>
    processesOf(event).flatMap((each) => {
      const app = appOf(each)
      const { processes, atMost } = appsOf(around)[app] ?? NOBODY
      return processes < atMost ? [processName(processes, app)] : []
    }),
  renamed: (name, { process: rename = same }) => rename(name),
  processOf: (name) => name,
  swept: 'telling',
  isNew: true,
}

/** `orders/1@7`: topic, partition and offset. */
export const record: FaultTarget = {
  what: 'record',
  at(event) {
    if (event.kind === 'handler-start') return [recordName(event)]
    if (event.kind === 'batch-start') return event.offsets.map((offset) => recordName({ ...event, offset }))
    return []
  },
  renamed: (name, { record: rename = same }) =>
    through(parseRecordName(name), name, (at) => recordName(rename(at))),
  swept: 'each',
}

/**
 * `consumer-0 OffsetCommit#2`: the second OffsetCommit that this instance sent, over all its
 * incarnations.
 */
export const request: FaultTarget = {
  what: 'request',
  at: (event) => (isSent(event) ? [requestName(event)] : []),
  renamed: (name, { process: rename = same }) =>
    through(parseRequestName(name), name, (id) => requestName({ ...id, process: rename(id.process) })),
  processOf: (name) => parseRequestName(name)?.process ?? null,
  swept: 'each',
  followsMoment: true,
}

/**
 * `consumer-0 db COMMIT#2`: the second COMMIT that this instance sent to the service `db`, over all
 * its incarnations.
 */
export const call: FaultTarget = {
  what: 'call of a service',
  at: (event) => (isCallSent(event) ? [callName(event)] : []),
  renamed: (name, { process: rename = same }) =>
    through(parseCallName(name), name, (id) => callName({ ...id, process: rename(id.process) })),
  processOf: (name) => parseCallName(name)?.process ?? null,
  swept: 'each',
  followsMoment: true,
}

/** `db`: a service by its name in the scenario. */
export const service: FaultTarget = {
  what: 'service',
  at: (event) => (isCallSent(event) ? [event.service] : []),
  renamed: (name) => name,
  swept: 'telling',
}

/**
 * `consumer-0~broker-1`: both directions between two hosts; `consumer-0>broker-1`: one direction.
 */
export const link: FaultTarget = {
  what: 'link: `a~b` both ways, `a>b` one way',
  at: (event) => (isSent(event) ? [linkName({ from: event.process, to: event.broker, oneWay: false })] : []),
  renamed: (name, { process: rename = same }) =>
    through(parseLinkName(name), name, ({ from, to, oneWay }) =>
      linkName({ from: rename(from), to: rename(to), oneWay }),
    ),
  processOf(name) {
    const found = parseLinkName(name)
    const ends = found === null ? [] : [found.from, found.to]
    return ends.find((host) => parseAppProcess(host) !== null) ?? null
  },
  swept: 'telling',
  subject(name) {
    const found = parseLinkName(name)
    if (found === null) return name
    const [from = '', to = ''] = [found.from, found.to].sort()
    return linkName({ from, to, oneWay: false })
  },
}

/** `broker-0`: the one whose end matters most at this event. */
export const broker: FaultTarget = {
  what: 'broker',
  at: (event) => (event.kind === 'request' && (isSent(event) || isWritten(event)) ? [event.broker] : []),
  renamed: (name) => name,
  swept: 'telling',
}

/** `orders/1`: topic and partition. */
export const partition: FaultTarget = {
  what: 'partition',
  at: (event) => (event.kind === 'handler-start' ? [partitionName(event)] : []),
  renamed: (name, { partition: rename = same }) =>
    through(parsePartitionName(name), name, (at) => partitionName(rename(at))),
  swept: 'telling',
}

export const topic: FaultTarget = {
  what: 'topic',
  at: (event) => (event.kind === 'handler-start' ? [event.topic] : []),
  renamed: (name) => name,
  swept: 'telling',
}

/** A topic to which somebody writes. */
export const writtenTopic: FaultTarget = {
  what: 'topic',
  at: (event) => (event.kind === 'append' ? [event.topic] : []),
  renamed: (name) => name,
  swept: 'each',
}

/** A group id. */
export const group: FaultTarget = {
  what: 'group',
  at: (event, { groups }) => (isSent(event) && GROUP_APIS.has(event.api) ? groups : []),
  renamed: (name, { process: rename = same }) => renamedId(name, rename),
  swept: 'telling',
}

/** As the setting `onceover.acls` has it: `allow User:alice Read Topic orders`. */
export const acl: FaultTarget = {
  what: 'an ACL of the setting `onceover.acls`',
  at: (event, { acls }) => (isSent(event) ? acls : []),
  renamed: (name) => name,
  swept: 'telling',
}

/** The processes that this event is about. */
export function processesOf(event: AnyEvent): string[] {
  switch (event.kind) {
    case 'generation':
      return [...new Set(event.members.map((member) => member.process))]
    case 'process-started':
    case 'process-terminating':
    case 'consumer-crashed':
    case 'handler-start':
    case 'handler-end':
    case 'handler-failure':
    case 'batch-start':
    case 'batch-end':
    case 'resolved':
    case 'effect':
    case 'effect-failure':
    case 'believes':
      return [event.process]
    case 'request':
    case 'call':
      return PROCESS_PHASES.has(event.phase) ? [event.process] : []
    default:
      return []
  }
}

export function isSent(event: AnyEvent): event is RequestEvent {
  return event.kind === 'request' && event.phase === 'sent'
}

export function isCallSent(event: AnyEvent): event is CallEvent {
  return event.kind === 'call' && event.phase === 'sent'
}

function same<T>(value: T): T {
  return value
}

function through<T>(parsed: T | null, name: string, renamed: (parsed: T) => string): string {
  return parsed === null ? name : renamed(parsed)
}
