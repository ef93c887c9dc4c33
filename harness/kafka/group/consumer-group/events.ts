import type { Observation, TopicPartition } from '../../../core/history.ts'
import type { GroupHost, TopicDirectory } from '../group-host.interface.ts'
import { type Assignment, pairsOf } from './assignment.ts'
import type { ConsumerMember } from './consumer-member.ts'

export type FenceReason = 'left' | 'session-expired' | 'rebalance-timeout'

/**
 * Events of a consumer group for the history, in the words of classic groups: not before the change
 * is written, for a refused change has not happened.
 */
export class GroupEvents {
  readonly #id: string
  readonly #host: GroupHost
  #heldBack: Observation[] = []

  constructor(id: string, host: GroupHost) {
    this.#id = id
    this.#host = host
  }

  /** The changes since the last call are written: tells of them. */
  tell(): void {
    const told = this.#heldBack
    this.#heldBack = []
    for (const observation of told) this.#host.observe(observation)
  }

  /** The changes since the last call are undone: forgets them. */
  forget(): void {
    this.#heldBack = []
  }

  joined({ memberId, peer }: ConsumerMember, rejoin: boolean): void {
    const { process, incarnation } = peer
    this.#heldBack.push({ kind: 'member-joined', group: this.#id, memberId, rejoin, process, incarnation })
  }

  removed({ memberId, peer }: ConsumerMember, reason: FenceReason | 'fenced'): void {
    const { process, incarnation } = peer
    this.#heldBack.push({ kind: 'member-removed', group: this.#id, memberId, reason, process, incarnation })
  }

  /** The group epoch grew. */
  raised(reason: string): void {
    this.#heldBack.push({ kind: 'rebalance', group: this.#id, reason })
  }

  /** There is a target for this epoch. */
  generation(epoch: number, members: Iterable<ConsumerMember>): void {
    this.#heldBack.push({
      kind: 'generation',
      group: this.#id,
      generation: epoch,
      protocol: 'consumer',
      members: [...members].map(({ memberId, peer }) => ({ memberId, process: peer.process })),
    })
  }

  assigned({ memberId, epoch, assigned, peer }: ConsumerMember): void {
    const { process, incarnation } = peer
    this.#heldBack.push({
      kind: 'assigned',
      group: this.#id,
      memberId,
      generation: epoch,
      partitions: namedPartitions(assigned, this.#host.topics),
      process,
      incarnation,
    })
  }
}

/** Partitions of topics that are gone have no name. */
export function namedPartitions(assignment: Assignment, topics: TopicDirectory): TopicPartition[] {
  return [...pairsOf(assignment)].flatMap(([topicId, partition]) => {
    const topic = topics.byId(topicId)?.name
    return topic === undefined ? [] : [{ topic, partition }]
  })
}
