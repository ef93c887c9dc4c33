import type { Peer } from '../../cluster.interface.ts'
import type { Protocol } from '../member.ts'
import { type Assignment, equalAssignments, NO_PARTITIONS } from './assignment.ts'

/** A static member that has left for a while, and keeps its partitions until its session ends. */
export const AWAY_EPOCH = -2

/** One member of a consumer group (KIP-848). A change makes another value. */
export interface ConsumerMember {
  readonly memberId: string
  readonly instanceId: string | null
  readonly rackId: string | null
  readonly clientId: string
  readonly clientHost: string
  readonly peer: Peer
  readonly epoch: number
  /** The one before; accepted where the answer with the new one may have been lost (M2). */
  readonly previousEpoch: number
  /**
   * The reason why it has not reached its target: partitions that it must give up, or that others
   * must.
   */
  readonly state: 'stable' | 'unrevoked' | 'unreleased'
  readonly rebalanceTimeoutMs: number
  readonly assignor: string | null
  readonly topicNames: ReadonlySet<string>
  /** Empty for none. */
  readonly topicRegex: string
  readonly assigned: Assignment
  /** Still its own, until it stops reporting them. */
  readonly revoking: Assignment
  /** Set while it speaks the classic protocol. */
  readonly classic: ClassicSide | null
}

export interface ClassicSide {
  readonly sessionTimeoutMs: number
  readonly protocols: readonly Protocol[]
}

export function newMember(
  memberId: string,
  { clientId, clientHost, peer }: Pick<ConsumerMember, 'clientId' | 'clientHost' | 'peer'>,
): ConsumerMember {
  return {
    memberId,
    instanceId: null,
    rackId: null,
    clientId,
    clientHost,
    peer,
    epoch: 0,
    previousEpoch: -1,
    state: 'stable',
    rebalanceTimeoutMs: -1,
    assignor: null,
    topicNames: new Set(),
    topicRegex: '',
    assigned: NO_PARTITIONS,
    revoking: NO_PARTITIONS,
    classic: null,
  }
}

export function sameNames(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  return one === other || (one.size === other.size && [...one].every((name) => other.has(name)))
}

/** Whether nothing that is kept of the member has changed. */
export function sameMember(one: ConsumerMember, other: ConsumerMember): boolean {
  return (
    one === other ||
    (one.memberId === other.memberId &&
      one.instanceId === other.instanceId &&
      one.epoch === other.epoch &&
      one.previousEpoch === other.previousEpoch &&
      one.state === other.state &&
      one.rebalanceTimeoutMs === other.rebalanceTimeoutMs &&
      one.assignor === other.assignor &&
      one.rackId === other.rackId &&
      one.clientId === other.clientId &&
      one.clientHost === other.clientHost &&
      one.peer.process === other.peer.process &&
      one.peer.incarnation === other.peer.incarnation &&
      one.topicRegex === other.topicRegex &&
      one.classic === other.classic &&
      sameNames(one.topicNames, other.topicNames) &&
      equalAssignments(one.assigned, other.assigned) &&
      equalAssignments(one.revoking, other.revoking))
  )
}
