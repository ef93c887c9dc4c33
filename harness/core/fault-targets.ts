import { type Renaming, renamedId } from './event-names.ts'
import type { Fault, FaultKind } from './fault.ts'
import {
  linkName,
  parseLinkName,
  parsePartitionName,
  parseProcessName,
  parseRecordName,
  parseRequestName,
  partitionName,
  recordName,
  requestName,
} from './names.ts'

/** What a fault's target is: the form of its name says nothing, since topics and groups may be called anything. */
export type TargetSort =
  | 'process'
  | 'record'
  | 'request'
  | 'link'
  | 'broker'
  | 'partition'
  | 'topic'
  | 'group'
  | 'acl'

export const TARGET_SORTS: Readonly<Record<FaultKind, TargetSort>> = {
  crash: 'process',
  pause: 'process',
  'graceful-restart': 'process',
  join: 'process',
  leave: 'process',
  'slow-handler': 'record',
  'handler-error': 'record',
  'malformed-record': 'record',
  'link-latency': 'link',
  'link-cut': 'link',
  'link-reset': 'link',
  'link-refuse': 'link',
  'request-lost': 'request',
  'answer-lost': 'request',
  'request-delayed': 'request',
  'answer-delayed': 'request',
  'disconnect-before': 'request',
  'disconnect-after': 'request',
  'request-error': 'request',
  throttle: 'link',
  'acl-revoked': 'acl',
  'records-deleted': 'partition',
  'topic-recreated': 'topic',
  'broker-down': 'broker',
  'broker-crash': 'broker',
  'replica-lag': 'broker',
  'controller-cut': 'broker',
  'unclean-election': 'partition',
  'leader-moved': 'partition',
  'coordinator-moved': 'group',
  'partitions-added': 'topic',
  'effect-error': 'record',
  'effect-ack-lost': 'record',
}

/** The target by its new name; a target that is not what its kind asks for stays as it is. */
export function renamedTarget({ kind, target }: Fault, renaming: Renaming): string {
  const { process = same, record = same, partition = same } = renaming
  switch (TARGET_SORTS[kind]) {
    case 'process':
      return process(target)
    case 'record':
      return through(parseRecordName(target), target, (at) => recordName(record(at)))
    case 'request':
      return through(parseRequestName(target), target, (id) =>
        requestName({ ...id, process: process(id.process) }),
      )
    case 'link':
      return through(parseLinkName(target), target, (link) =>
        linkName({ ...link, from: process(link.from), to: process(link.to) }),
      )
    case 'partition':
      return through(parsePartitionName(target), target, (at) => partitionName(partition(at)))
    case 'group':
      return renamedId(target, process)
    default:
      return target
  }
}

function same<T>(value: T): T {
  return value
}

function through<T>(parsed: T | null, target: string, rename: (parsed: T) => string): string {
  return parsed === null ? target : rename(parsed)
}

/** The process of the app that a fault of this kind and target hits, or null. */
export function processOfTarget({ kind, target }: Fault): string | null {
  switch (TARGET_SORTS[kind]) {
    case 'process':
      return target
    case 'request':
      return parseRequestName(target)?.process ?? null
    case 'link':
      return ends(target).find((host) => parseProcessName(host) !== null) ?? null
    default:
      return null
  }
}

function ends(link: string): string[] {
  const parsed = parseLinkName(link)
  return parsed === null ? [] : [parsed.from, parsed.to]
}
