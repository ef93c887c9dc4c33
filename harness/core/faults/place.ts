import type { ClustersOf } from '../clusters.ts'
import type { Processes } from '../processes.ts'
import type { ServiceErrorCode } from '../service.ts'
import type { AnyEvent } from '../world-event.ts'
import type { Durations } from './durations.ts'

/** A named event, at which faults can be placed. */
export interface Place {
  readonly name: string
  readonly event: AnyEvent
}

/** The parts of a scenario that faults can target. */
export interface Surroundings extends Processes, ClustersOf {
  /** Topics that the app consumes. */
  readonly consumed: readonly string[]
  /** Group ids that were seen. */
  readonly groups: readonly string[]
  /** The scenario's ACLs, each as a text. */
  readonly acls: readonly string[]
  /** Errors of its own that each service can be made to answer, by its name. */
  readonly serviceErrors: Readonly<Record<string, readonly ServiceErrorCode[]>>
  readonly wire: WireFacts
  /** Records that can never be processed are the user's choice. */
  readonly poison: boolean
  readonly durations: Durations
}

/**
 * Properties of what clients and brokers say to each other: they decide what a broker may answer.
 */
export interface WireFacts {
  /** Processes that were seen to end transactions. */
  readonly transactional: ReadonlySet<string>
  /** Groups of KIP-848, whose members have an epoch instead of a generation. */
  readonly consumerProtocol: boolean
  /** A member has an id of its own (`group.instance.id`). */
  readonly staticMembers: boolean
  /** A producer waits for replicas of which a partition can have too few. */
  readonly awaitsReplicas: boolean
}

/** The plainest: dynamic members of classic groups, and partitions of one replica. */
export const PLAIN_WIRE: WireFacts = {
  transactional: new Set(),
  consumerProtocol: false,
  staticMembers: false,
  awaitsReplicas: false,
}
