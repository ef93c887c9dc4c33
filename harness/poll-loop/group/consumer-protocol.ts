import { randomUUID } from 'node:crypto'
import { asException, isError, isRetriable, KafkaException, refused } from '../errors.ts'
import { byTopic, keyOf, sorted, type TopicPartition, without } from '../partition.ts'
import { Deadline } from '../time.ts'
import { commitFailed } from './classic.ts'
import { Heart } from './heart.ts'
import type { ConsumerGroupMetadata, GroupMembership, GroupParts } from './membership.interface.ts'

const LEAVE_EPOCH = -1
const STATIC_LEAVE_EPOCH = -2
const LEAVE_WAIT_MS = 1_000
const FIRST_INTERVAL_MS = 5_000

/**
 * A member of a group of the consumer protocol (KIP-848): one request joins, tells what it owns,
 * and brings what it is to own. The broker assigns; the member gives up what it is to lose, then
 * takes what is new.
 */
export class ConsumerProtocolMembership implements GroupMembership {
  readonly protocol = 'consumer'
  readonly #parts: GroupParts
  readonly #heart: Heart
  readonly #memberId = randomUUID()
  #epoch = 0
  #metadata: ConsumerGroupMetadata | null = null
  #intervalMs = FIRST_INTERVAL_MS
  /** The assignment that the broker wants, by topic ids; null: none came yet. */
  #wanted: readonly { readonly topicId: string; readonly partitions: readonly number[] }[] | null = null
  /** The owned partitions that the broker has been told. */
  #told: string | null = null
  #toldTopics: string | null = null
  #fatal: KafkaException | null = null
  #expelled = false
  #left = true
  #turn = 0

  constructor(parts: GroupParts) {
    this.#parts = parts
    this.#heart = new Heart({
      maxPollIntervalMs: parts.settings['max.poll.interval.ms'],
      beat: () => this.#beat(),
      neglected: () => this.#neglected(),
    })
  }

  get member(): ConsumerGroupMetadata {
    const { groupId, settings } = this.#parts
    const groupInstanceId = settings['group.instance.id']
    return { groupId, generationId: this.#epoch, memberId: this.#memberId, groupInstanceId }
  }

  get metadata(): ConsumerGroupMetadata {
    return this.#metadata ?? { ...this.member, generationId: -1, memberId: '' }
  }

  rejoin(): void {
    this.#heart.hurry()
  }

  async step(): Promise<boolean> {
    const { coordinator, callbacks } = this.#parts
    this.#heart.polled()
    coordinator.demandNoFailure()
    const fatal = this.#fatal
    this.#fatal = null
    if (fatal !== null) throw fatal
    if (coordinator.broker === null) coordinator.seek()
    if (this.#expelled) await this.#lose()
    if (this.#left) {
      this.#left = false
      this.#epoch = 0
      this.#told = null
      this.#toldTopics = null
      this.#heart.start(0)
    }
    if (this.#toldTopics !== null && this.#toldTopics !== this.#topics) this.#heart.hurry()
    await this.#reconcile()
    callbacks.demandNoError()
    return this.#wanted !== null && this.#epoch > 0
  }

  committer(): ConsumerGroupMetadata {
    if (this.#epoch > 0 && !this.#left && !this.#expelled) return this.member
    throw commitFailed()
  }

  commitRefused(code: number, by: ConsumerGroupMetadata): KafkaException {
    // As in Java: with a newer epoch than the refused one it may be tried again.
    if (isError(code, 'STALE_MEMBER_EPOCH') && by.generationId !== this.#epoch)
      return new KafkaException('KafkaException', 'the member epoch has moved on', {
        error: 'STALE_MEMBER_EPOCH',
        retriable: true,
      })
    if (isError(code, 'UNKNOWN_MEMBER_ID')) this.#expelled = true
    return commitFailed()
  }

  async leave(_reason: string, deadline: Deadline): Promise<void> {
    const { callbacks, subscription } = this.#parts
    const owned = subscription.assigned
    if (owned.length > 0) {
      await callbacks.call(this.#expelled ? 'lost' : 'revoked', owned)
      this.#own([], true)
    }
    this.#heart.stop()
    this.#turn += 1
    if (!this.#left && !this.#expelled) await this.#sendLeave(Math.min(deadline.leftMs, LEAVE_WAIT_MS))
    this.#left = true
    this.#expelled = false
    this.#wanted = null
    callbacks.demandNoError()
  }

  /** Gives up what is to go, then takes what is new; both are told in the next heartbeat. */
  async #reconcile(): Promise<void> {
    const { subscription, callbacks, settings, commitBeforeRebalance } = this.#parts
    const target = this.#target()
    if (target === null) return
    const owned = subscription.assigned
    const gone = without(owned, target)
    const added = without(target, owned)
    if (gone.length === 0 && added.length === 0 && this.#metadata !== null) {
      this.#metadata = this.member
      return
    }
    if (gone.length > 0) {
      await commitBeforeRebalance(new Deadline(settings['max.poll.interval.ms']))
      await callbacks.call('revoked', gone)
    }
    this.#metadata = this.member
    this.#own(target, false)
    await callbacks.call('assigned', added)
    this.#heart.hurry()
  }

  /** The wanted assignment, as far as its topics' names are known; null: wait. */
  #target(): readonly TopicPartition[] | null {
    const { metadata } = this.#parts
    if (this.#wanted === null || this.#expelled || this.#left) return null
    const target: TopicPartition[] = []
    for (const { topicId, partitions } of this.#wanted) {
      const topic = metadata.topicName(topicId)
      if (topic === null) {
        metadata.invalidate()
        return null
      }
      for (const partition of partitions) target.push({ topic, partition })
    }
    return target
  }

  async #beat(): Promise<number> {
    const { network, coordinator, settings, groupId, subscription, metadata, bell } = this.#parts
    const retryMs = settings['retry.backoff.ms']
    const { broker } = coordinator
    if (broker === null) {
      coordinator.seek()
      return retryMs
    }
    const turn = this.#turn
    const joining = this.#epoch === 0
    const owned = sorted(subscription.assigned).map(keyOf).join()
    const topics = this.#topics
    try {
      const answer = await network.send(broker, 'ConsumerGroupHeartbeat', {
        groupId,
        memberId: this.#memberId,
        memberEpoch: this.#epoch,
        instanceId: settings['group.instance.id'],
        rebalanceTimeoutMs: joining ? settings['max.poll.interval.ms'] : -1,
        subscribedTopicNames: joining || topics !== this.#toldTopics ? [...subscription.topics] : null,
        serverAssignor: joining ? settings['group.remote.assignor'] : null,
        topicPartitions: joining
          ? []
          : owned === this.#told
            ? null
            : byTopic(subscription.assigned).map(({ topic, partitions }) => ({
                topicId: metadata.topics.get(topic)?.id ?? '',
                partitions: partitions.map(({ partition }) => partition),
              })),
      })
      if (turn !== this.#turn) return retryMs
      bell.ring()
      if (!isError(answer.errorCode, 'NONE')) return this.#refused(answer.errorCode, retryMs)
      this.#epoch = answer.memberEpoch
      this.#told = joining ? '' : owned
      this.#toldTopics = topics
      this.#intervalMs = answer.heartbeatIntervalMs
      if (answer.assignment !== null) this.#wanted = answer.assignment.topicPartitions
      return this.#intervalMs
    } catch (error) {
      if (turn !== this.#turn) return retryMs
      if (!isRetriable(error)) this.#fatal = asException(error)
      coordinator.forget(broker)
      // The broker may not have heard it: everything is told again.
      this.#told = null
      bell.ring()
      return retryMs
    }
  }

  #refused(code: number, retryMs: number): number {
    const { coordinator, groupId } = this.#parts
    if (isError(code, 'UNKNOWN_MEMBER_ID', 'FENCED_MEMBER_EPOCH')) {
      this.#expelled = true
      this.#heart.stop()
      return retryMs
    }
    if (isError(code, 'NOT_COORDINATOR', 'COORDINATOR_NOT_AVAILABLE')) coordinator.forget()
    else if (!isError(code, 'COORDINATOR_LOAD_IN_PROGRESS', 'UNRELEASED_INSTANCE_ID'))
      this.#fatal = refused(code, `the heartbeat of group '${groupId}'`)
    return retryMs
  }

  async #lose(): Promise<void> {
    const { callbacks, subscription } = this.#parts
    const owned = subscription.assigned
    this.#expelled = false
    this.#left = true
    this.#wanted = null
    this.#turn += 1
    if (owned.length === 0) return
    await callbacks.call('lost', owned)
    this.#own([], true)
  }

  /** As Java does it: it leaves by itself, and learns in the next `poll` what it has lost. */
  #neglected(): void {
    void this.#sendLeave(LEAVE_WAIT_MS)
    this.#expelled = true
  }

  async #sendLeave(timeoutMs: number): Promise<void> {
    const { network, coordinator, settings, groupId } = this.#parts
    const { broker } = coordinator
    if (broker === null || this.#epoch === 0) return
    const instanceId = settings['group.instance.id']
    const memberEpoch = instanceId === null ? LEAVE_EPOCH : STATIC_LEAVE_EPOCH
    const body = { groupId, memberId: this.#memberId, memberEpoch, instanceId }
    await network.send(broker, 'ConsumerGroupHeartbeat', body, { timeoutMs }).catch(() => {})
  }

  get #topics(): string {
    return this.#parts.subscription.topics.join()
  }

  #own(partitions: readonly TopicPartition[], lost: boolean): void {
    this.#parts.subscription.assign(partitions)
    this.#parts.owns(partitions, lost)
  }
}
