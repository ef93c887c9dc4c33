/**
 * A fault is `{ kind, target, at }`: what happens, to whom, and the moment, given as a named event of the
 * history (see `names.ts`) or as a virtual time. This union is closed: a new kind must not compile until
 * the simulator (`harness/faults`), the generator (`harness/search`), the real cluster's translation
 * (`harness/real`) and the reports have an answer for it.
 */

/** After the named event has been recorded, or at a virtual time since the start of the run. */
export type Moment = { readonly event: string } | { readonly atMs: number }

/** `consumer-0`, `consumer-1` … */
export type ProcessName = string
/** `broker-0` … */
export type BrokerName = string
/** `orders/1`: topic and partition. */
export type PartitionName = string
/** `orders/1@7`: topic, partition and offset. */
export type RecordName = string
/** `consumer-0 OffsetCommit#2`: the second OffsetCommit that this instance sent, over all its incarnations. */
export type RequestName = string
/** An ACL as the setting `onceover.acls` has it: `allow User:alice Read Topic orders`. */
export type AclText = string
/** `consumer-0~broker-1`: both directions between two hosts; `consumer-0>broker-1`: one direction. */
export type LinkName = string

interface Base<Kind extends string, Target extends string> {
  readonly kind: Kind
  readonly target: Target
  readonly at: Moment
}

/** Errors that a broker may answer with while a group or a leader moves; clients must retry or rejoin. */
export const INJECTABLE_ERRORS = [
  'COORDINATOR_LOAD_IN_PROGRESS',
  'COORDINATOR_NOT_AVAILABLE',
  'NOT_COORDINATOR',
  'REBALANCE_IN_PROGRESS',
  'NOT_LEADER_OR_FOLLOWER',
  'LEADER_NOT_AVAILABLE',
  'REQUEST_TIMED_OUT',
] as const
export type InjectableError = (typeof INJECTABLE_ERRORS)[number]

export type Fault =
  /** SIGKILL: timers and sockets are gone, no `finally`, no LeaveGroup; restarted after `restartMs`. */
  | (Base<'crash', ProcessName> & { readonly restartMs: number })
  /** SIGSTOP for `durationMs`: the process resumes as a zombie that does not know how late it is. */
  | (Base<'pause', ProcessName> & { readonly durationMs: number })
  /** SIGTERM, then a new incarnation `restartMs` after the process has ended. */
  | (Base<'graceful-restart', ProcessName> & { readonly restartMs: number })
  /** One more process of the app starts; `target` is its name, e.g. `consumer-2`. */
  | Base<'join', ProcessName>
  /** SIGTERM, and nobody starts it again before the drain. */
  | Base<'leave', ProcessName>
  /** The handler invocation of this record that has just started takes `durationMs` longer. */
  | (Base<'slow-handler', RecordName> & { readonly durationMs: number })
  /** The handler of this record fails: once, or each time it is tried (`poison`). */
  | (Base<'handler-error', RecordName> & { readonly times: 'once' | 'always' })
  /** The record's value is not what the app expects: it is cut in half when it is appended. */
  | Base<'malformed-record', RecordName>
  | (Base<'link-latency', LinkName> & { readonly extraMs: number; readonly durationMs: number })
  /** Bytes wait for the link to heal, as TCP retransmits; new connections hang. `a~b` or one way `a>b`. */
  | (Base<'link-cut', LinkName> & { readonly durationMs: number })
  /** Every open connection between the two hosts is reset. */
  | Base<'link-reset', LinkName>
  /** New connections are refused while it lasts. */
  | (Base<'link-refuse', LinkName> & { readonly durationMs: number })
  /** The request never arrives, and nothing after it on its connection: the client's timeout must notice. */
  | Base<'request-lost', RequestName>
  /** The request is applied; its answer and all that follows on the connection is lost. */
  | Base<'answer-lost', RequestName>
  /** The broker takes the request up `durationMs` late (and, one at a time, all that follow on the connection). */
  | (Base<'request-delayed', RequestName> & { readonly durationMs: number })
  /** The answer leaves `durationMs` after the request was applied. */
  | (Base<'answer-delayed', RequestName> & { readonly durationMs: number })
  /** The connection closes before the request is applied. */
  | Base<'disconnect-before', RequestName>
  /** The connection closes after the request was applied, before its answer. */
  | Base<'disconnect-after', RequestName>
  /** The request is not applied and answered with this error. */
  | (Base<'request-error', RequestName> & { readonly error: InjectableError })
  /**
   * The broker (`a~b`) lets the process have one request each `throttleMs`, for `durationMs`. What comes sooner is
   * answered at once, throttled for `throttleMs`: a Fetch without records, and the connection is muted for as long.
   */
  | (Base<'throttle', LinkName> & { readonly throttleMs: number; readonly durationMs: number })
  /** Somebody takes this ACL away for `durationMs`. Only where the scenario's setting `onceover.acls` has it. */
  | (Base<'acl-revoked', AclText> & { readonly durationMs: number })
  /** An operator deletes all records that are there, read or not. */
  | Base<'records-deleted', PartitionName>
  /** An operator deletes the topic and makes it anew; a record is appended to each partition. `target` is the topic. */
  | Base<'topic-recreated', string>
  | (Base<'broker-down', BrokerName> & { readonly durationMs: number })
  /** The broker's machine loses power: what was not flushed is gone. Only where partitions have several replicas. */
  | (Base<'broker-crash', BrokerName> & { readonly durationMs: number })
  /** The broker's replicas fetch nothing from their leaders for `durationMs`. */
  | (Base<'replica-lag', BrokerName> & { readonly durationMs: number })
  /**
   * The broker and the controller hear nothing of each other for `durationMs`: the broker goes on with what it knew, and
   * after 9 s its work moves, of which it does not hear. Only where partitions have several replicas.
   */
  | (Base<'controller-cut', BrokerName> & { readonly durationMs: number })
  /** The live replica that is furthest behind leads, in sync or not: what it does not have is lost. */
  | Base<'unclean-election', PartitionName>
  /** Leadership moves to the next live broker. */
  | Base<'leader-moved', PartitionName>
  /** The group's coordinator moves to the next live broker, which loads its log first. `target` is the group id. */
  | Base<'coordinator-moved', string>
  /** `target` is a topic. */
  | (Base<'partitions-added', string> & { readonly count: number })
  /** The effect store refuses the effect of this record: once, or each time. */
  | (Base<'effect-error', RecordName> & { readonly times: 'once' | 'always' })
  /** The effect is done, but the app is told that it failed. */
  | Base<'effect-ack-lost', RecordName>

export type FaultKind = Fault['kind']

/** What a user names in `faults: [...]`; each family stands for several kinds. */
export type FaultFamily =
  | 'crash'
  | 'pause'
  | 'rebalance'
  | 'network'
  | 'broker'
  | 'replication'
  | 'unclean'
  | 'handler'
  | 'store'
  | 'poison'
  | 'quota'
  | 'access'
  | 'operator'

export const FAULT_FAMILIES: Readonly<Record<FaultFamily, readonly FaultKind[]>> = {
  crash: ['crash'],
  pause: ['pause'],
  rebalance: ['graceful-restart', 'join', 'leave', 'partitions-added'],
  network: [
    'link-latency',
    'link-cut',
    'link-reset',
    'link-refuse',
    'request-lost',
    'answer-lost',
    'request-delayed',
    'answer-delayed',
    'disconnect-before',
    'disconnect-after',
  ],
  broker: ['request-error', 'broker-down', 'leader-moved', 'coordinator-moved'],
  replication: ['broker-crash', 'replica-lag', 'controller-cut'],
  unclean: ['unclean-election'],
  handler: ['slow-handler', 'handler-error'],
  store: ['effect-error', 'effect-ack-lost'],
  poison: ['malformed-record'],
  quota: ['throttle'],
  access: ['acl-revoked'],
  operator: ['records-deleted', 'topic-recreated'],
}

export const FAULT_KINDS: readonly FaultKind[] = Object.values(FAULT_FAMILIES).flat()

/** A hold delays one named message or handler completion: it reorders, and breaks nothing. */
export interface Hold {
  /** `consumer-0 OffsetCommit#2 sent` (the request travels slower), `… applied` (the answer travels slower)
   *  or `consumer-0 process start orders/1@7` (the handler takes longer). */
  readonly event: string
  readonly durationMs: number
}
