import type { TopicPartition } from '../../core/history.ts'
import type { Peer } from '../cluster.interface.ts'
import { type AssignedTopic, decodeAssignment } from '../wire/index.ts'

const NOTHING = Buffer.alloc(0)

export interface Protocol {
  readonly name: string
  readonly metadata: Buffer
}

/** A member's data when it joins. */
export interface MemberInput {
  readonly memberId: string
  readonly groupInstanceId: string | null
  readonly clientId: string
  readonly clientHost: string
  readonly peer: Peer
  readonly sessionTimeoutMs: number
  readonly rebalanceTimeoutMs: number
  readonly protocolType: string
  readonly protocols: readonly Protocol[]
}

export interface JoinAnswer {
  readonly error: string
  readonly memberId: string
  readonly generation: number
  readonly protocolType: string | null
  readonly protocol: string | null
  readonly leader: string
  /** The leader need not assign, for the assignment of this generation stands (KIP-814). */
  readonly skipAssignment?: boolean
  readonly members: readonly { memberId: string; groupInstanceId: string | null; metadata: Buffer }[]
}

export interface SyncAnswer {
  readonly error: string
  readonly assignment: Buffer
  readonly protocolType: string | null
  readonly protocol: string | null
}

export function joinRefusal(error: string, memberId: string): JoinAnswer {
  return { error, memberId, generation: -1, protocolType: null, protocol: null, leader: '', members: [] }
}

export function syncRefusal(error: string): SyncAnswer {
  return { error, assignment: NOTHING, protocolType: null, protocol: null }
}

/** One member of a classic group. */
export class Member {
  readonly memberId: string
  readonly groupInstanceId: string | null
  readonly clientId: string
  readonly clientHost: string
  peer: Peer
  sessionTimeoutMs: number
  rebalanceTimeoutMs: number
  readonly protocolType: string
  protocols: readonly Protocol[]
  /**
   * Has not completed a join yet: its own timer is a long one, for it has no id to send heartbeats
   * with.
   */
  isNew = false
  /** Set while its JoinGroup waits. */
  joining: ((answer: JoinAnswer) => void) | null = null
  /** Set while its SyncGroup waits. */
  syncing: ((answer: SyncAnswer) => void) | null = null
  timer: { cancel(): void } | null = null
  #assignment: Buffer = NOTHING
  #assigned: readonly AssignedTopic[] = []

  constructor(input: MemberInput) {
    this.memberId = input.memberId
    this.groupInstanceId = input.groupInstanceId
    this.clientId = input.clientId
    this.clientHost = input.clientHost
    this.peer = input.peer
    this.sessionTimeoutMs = input.sessionTimeoutMs
    this.rebalanceTimeoutMs = input.rebalanceTimeoutMs
    this.protocolType = input.protocolType
    this.protocols = input.protocols
  }

  get assignment(): Buffer {
    return this.#assignment
  }

  set assignment(bytes: Buffer) {
    this.#assignment = bytes
    this.#assigned = decodeAssignment(bytes) ?? []
  }

  /** The assignment as the consumer protocol reads it; empty for other protocols. */
  get assigned(): readonly AssignedTopic[] {
    return this.#assigned
  }

  get partitions(): readonly TopicPartition[] {
    return this.#assigned.flatMap(({ topic, partitions }) =>
      partitions.map((partition) => ({ topic, partition })),
    )
  }

  /** Takes a member's data when it joins again. */
  update({ peer, protocols, sessionTimeoutMs, rebalanceTimeoutMs }: MemberInput): void {
    this.peer = peer
    this.protocols = protocols
    this.sessionTimeoutMs = sessionTimeoutMs
    this.rebalanceTimeoutMs = rebalanceTimeoutMs
  }

  /** The member's data of its last join. */
  toInput(): MemberInput {
    const { memberId, groupInstanceId, clientId, clientHost, peer } = this
    const { sessionTimeoutMs, rebalanceTimeoutMs, protocolType, protocols } = this
    return {
      memberId,
      groupInstanceId,
      clientId,
      clientHost,
      peer,
      sessionTimeoutMs,
      rebalanceTimeoutMs,
      protocolType,
      protocols,
    }
  }

  /** As the leader is told of it. */
  described(protocol: string | null): JoinAnswer['members'][number] {
    const { memberId, groupInstanceId } = this
    return { memberId, groupInstanceId, metadata: this.metadataFor(protocol) }
  }

  owns(topic: string, partition: number): boolean {
    return this.#assigned.some((each) => each.topic === topic && each.partitions.includes(partition))
  }

  metadataFor(protocol: string | null): Buffer {
    return this.protocols.find(({ name }) => name === protocol)?.metadata ?? NOTHING
  }

  /** Whether both name the same protocols with the same metadata, in the same order. */
  matches(protocols: readonly Protocol[]): boolean {
    return (
      protocols.length === this.protocols.length &&
      protocols.every(({ name, metadata }, index) => {
        const mine = this.protocols[index]
        return mine?.name === name && mine.metadata.equals(metadata)
      })
    )
  }
}
