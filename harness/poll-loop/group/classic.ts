import type { AnswerBody } from '../../kafka/index.ts'
import { decodeAssignment } from '../../kafka/index.ts'
import { ASSIGNORS } from '../assignors/index.ts'
import { asException, isError, isRetriable, KafkaException, refused } from '../errors.ts'
import type { Metadata } from '../net/metadata.ts'
import { type TopicPartition, without } from '../partition.ts'
import { Backoff, Deadline, nowMs } from '../time.ts'
import { Heart } from './heart.ts'
import { type Led, lead, protocolsOf } from './join-bodies.ts'
import type { ConsumerGroupMetadata, GroupMembership, GroupParts } from './membership.interface.ts'

const NO_GENERATION = -1
/** JoinGroup may wait for a whole rebalance, and a little longer. */
const JOIN_EXTRA_MS = 5_000
const LEAVE_WAIT_MS = 1_000

interface Joined {
  readonly generationId: number
  readonly protocol: string
  readonly partitions: readonly TopicPartition[]
}

/**
 * A member of a classic group, as Java's ConsumerCoordinator is one. Requests run in the
 * background; what the user sees of a rebalance, its callbacks, happens in `step`.
 */
export class ClassicMembership implements GroupMembership {
  readonly protocol = 'classic'
  readonly #parts: GroupParts
  readonly #heart: Heart
  readonly #backoff: Backoff
  readonly #cooperative: boolean
  #state: 'unjoined' | 'joining' | 'stable' = 'unjoined'
  #generationId = NO_GENERATION
  #memberId = ''
  #rejoin: string | null = ''
  /** The steps before a join are done: offsets are committed, partitions revoked. */
  #prepared = false
  #joined: Joined | null = null
  #metadata: ConsumerGroupMetadata | null = null
  #fatal: KafkaException | null = null
  #notBeforeMs = 0
  /** Topics that the last JoinGroup named. */
  #joinedTopics = ''
  /** The numbers of partitions that the leader gave out; null: another member leads. */
  #leaderSaw: string | null = null
  #heardAtMs = 0
  /** Changes when the member leaves: what is under way is nobody's any longer. */
  #turn = 0

  constructor(parts: GroupParts) {
    this.#parts = parts
    const { settings } = parts
    this.#backoff = new Backoff(settings['retry.backoff.ms'], settings['retry.backoff.max.ms'])
    this.#cooperative = settings['partition.assignment.strategy'].every((name) => ASSIGNORS[name].cooperative)
    this.#heart = new Heart({
      maxPollIntervalMs: settings['max.poll.interval.ms'],
      beat: () => this.#beat(),
      neglected: () => this.#neglected(),
    })
  }

  get member(): ConsumerGroupMetadata {
    const { groupId, settings } = this.#parts
    return {
      groupId,
      generationId: this.#generationId,
      memberId: this.#memberId,
      groupInstanceId: settings['group.instance.id'],
    }
  }

  /** As in Java that of the last assignment, until the next: also when the member was expelled. */
  get metadata(): ConsumerGroupMetadata {
    return this.#metadata ?? { ...this.member, generationId: NO_GENERATION, memberId: '' }
  }

  rejoin(reason: string): void {
    this.#rejoin ??= reason
    this.#parts.bell.ring()
  }

  async step(): Promise<boolean> {
    const { coordinator, metadata, subscription } = this.#parts
    this.#heart.polled()
    this.#demandNoFailure()
    if (coordinator.broker === null) coordinator.seek()
    if (subscription.wanted?.by === 'pattern' && !metadata.fresh) return false
    this.#noticeChanges()
    if (this.#joined !== null) {
      await this.#complete(this.#joined)
      return this.#rejoin === null
    }
    if (this.#state === 'joining') return false
    if (this.#rejoin === null) return true
    if (coordinator.broker === null || nowMs() < this.#notBeforeMs) return false
    if (!this.#prepared) {
      // Set first: a callback that throws has still been called.
      this.#prepared = true
      await this.#prepare()
      this.#parts.callbacks.demandNoError()
    }
    void this.#join(this.#turn)
    return false
  }

  committer(): ConsumerGroupMetadata {
    if (this.#state === 'stable' && this.#generationId !== NO_GENERATION) return this.member
    if (this.#state === 'joining')
      throw new KafkaException(
        'RebalanceInProgressException',
        'Offset commit cannot be completed since the consumer is undergoing a rebalance for auto partition assignment. You can try completing the rebalance by calling poll() and then retry the operation.',
      )
    throw commitFailed()
  }

  commitRefused(code: number, by: ConsumerGroupMetadata): KafkaException {
    const current = by.generationId === this.#generationId && by.memberId === this.#memberId
    if (isError(code, 'REBALANCE_IN_PROGRESS')) {
      this.rejoin('offset commit failed since group is already rebalancing')
      return refused(code, 'the offset commit')
    }
    if (!current && this.#state === 'joining') return refused(code, 'the offset commit')
    if (isError(code, 'FENCED_INSTANCE_ID') && current) {
      this.#fatal = refused(code, 'the offset commit')
      return refused(code, 'the offset commit')
    }
    if (current) this.#reset(isError(code, 'ILLEGAL_GENERATION'), 'an offset commit was refused')
    return commitFailed()
  }

  async leave(reason: string, deadline: Deadline): Promise<void> {
    const { callbacks, subscription } = this.#parts
    const owned = subscription.assigned
    this.#heart.stop()
    if (owned.length > 0) {
      const lost = this.#generationId === NO_GENERATION || this.#memberId === ''
      await callbacks.call(lost ? 'lost' : 'revoked', owned)
      this.#parts.owns([], true)
    }
    const turn = this.#turn
    await this.#sendLeave(reason, Math.min(deadline.leftMs, LEAVE_WAIT_MS))
    if (turn === this.#turn) this.#forget()
    callbacks.demandNoError()
  }

  // --- a rebalance, step by step

  /** Before the join: commits what was read, and gives up what is to be given up. */
  async #prepare(): Promise<void> {
    const { callbacks, subscription, settings, commitBeforeRebalance } = this.#parts
    await commitBeforeRebalance(new Deadline(settings['max.poll.interval.ms']))
    this.#leaderSaw = null
    const owned = subscription.assigned
    if (this.#generationId === NO_GENERATION || this.#memberId === '') {
      if (owned.length === 0) return
      await callbacks.call('lost', owned)
      this.#own([], true)
    } else if (!this.#cooperative) {
      await callbacks.call('revoked', owned)
      this.#own([], true)
    } else {
      const gone = owned.filter(({ topic }) => !subscription.topics.includes(topic))
      if (gone.length === 0) return
      await callbacks.call('revoked', gone)
      this.#own(without(owned, gone), false)
    }
  }

  async #join(turn: number): Promise<void> {
    const { network, coordinator, settings, groupId, subscription, bell } = this.#parts
    this.#state = 'joining'
    this.#heart.stop()
    const broker = coordinator.broker
    const topics = subscription.topics
    this.#joinedTopics = topics.join()
    const rebalanceTimeoutMs = settings['max.poll.interval.ms']
    try {
      if (broker === null) throw new KafkaException('KafkaException', 'no coordinator', { retriable: true })
      const answer = await network.send(
        broker,
        'JoinGroup',
        {
          groupId,
          sessionTimeoutMs: settings['session.timeout.ms'],
          rebalanceTimeoutMs,
          memberId: this.#memberId,
          groupInstanceId: settings['group.instance.id'],
          protocolType: 'consumer',
          protocols: protocolsOf(settings['partition.assignment.strategy'], {
            topics,
            owned: subscription.assigned,
            generationId: this.#generationId,
          }),
          reason: this.#rejoin ?? '',
        },
        { timeoutMs: Math.max(settings['request.timeout.ms'], rebalanceTimeoutMs + JOIN_EXTRA_MS) },
      )
      if (turn !== this.#turn) return
      if (!isError(answer.errorCode, 'NONE')) return this.#joinRefused(answer)
      await this.#sync(answer, turn)
    } catch (error) {
      if (turn !== this.#turn) return
      if (!isRetriable(error)) this.#fatal = asException(error)
      coordinator.forget(broker)
      this.#again(this.#backoff.failed())
    } finally {
      bell.ring()
    }
  }

  #joinRefused({ errorCode, memberId }: AnswerBody<'JoinGroup'>): void {
    if (isError(errorCode, 'MEMBER_ID_REQUIRED')) {
      this.#memberId = memberId
      return this.#again(0, 'need to re-join with the given member-id')
    }
    this.#refusedInJoin(errorCode, 'JoinGroup')
  }

  async #sync(joined: AnswerBody<'JoinGroup'>, turn: number): Promise<void> {
    const { network, coordinator, settings, groupId } = this.#parts
    this.#memberId = joined.memberId
    this.#generationId = joined.generationId
    const protocol = joined.protocolName ?? ''
    // From here on it is a member, and must tell that it lives.
    this.#heardAtMs = nowMs()
    this.#heart.start(settings['heartbeat.interval.ms'])
    const broker = coordinator.broker
    if (broker === null) throw new KafkaException('KafkaException', 'no coordinator', { retriable: true })
    const assignments =
      joined.leader === joined.memberId && !joined.skipAssignment ? await this.#lead(joined, protocol) : []
    if (turn !== this.#turn) return
    const answer = await network.send(broker, 'SyncGroup', {
      groupId,
      generationId: joined.generationId,
      memberId: joined.memberId,
      groupInstanceId: settings['group.instance.id'],
      protocolType: 'consumer',
      protocolName: protocol,
      assignments,
    })
    if (turn !== this.#turn) return
    if (!isError(answer.errorCode, 'NONE')) return this.#refusedInJoin(answer.errorCode, 'SyncGroup')
    this.#backoff.succeeded()
    this.#state = 'stable'
    this.#rejoin = null
    const partitions = (decodeAssignment(answer.assignment) ?? []).flatMap(({ topic, partitions: numbers }) =>
      numbers.map((partition) => ({ topic, partition })),
    )
    this.#joined = { generationId: joined.generationId, protocol, partitions }
  }

  /** The leader gives out the partitions, after it has learnt of all topics that members want. */
  async #lead({ members }: AnswerBody<'JoinGroup'>, protocol: string): Promise<Led['assignments']> {
    const { metadata, subscription } = this.#parts
    const { topics } = lead(members, protocol, () => new Map())
    if (subscription.wanted?.by === 'topics') metadata.want([...subscription.topics, ...topics])
    if (!metadata.fresh) await metadata.update()
    this.#leaderSaw = this.#counts()
    return lead(members, protocol, (names) => partitionCounts(metadata, names)).assignments
  }

  /** The assignment is there: what goes is revoked, then what is new is given out. */
  async #complete({ partitions }: Joined): Promise<void> {
    const { callbacks, subscription } = this.#parts
    this.#joined = null
    this.#metadata = this.member
    this.#prepared = false
    this.#parts.joined()
    const owned = subscription.assigned
    const added = without(partitions, owned)
    const gone = without(owned, partitions)
    if (this.#cooperative && gone.length > 0) {
      await callbacks.call('revoked', gone)
      this.rejoin('need to revoke partitions and re-join')
    }
    this.#own(partitions, false)
    await callbacks.call('assigned', added)
    callbacks.demandNoError()
  }

  /** SyncGroup, or JoinGroup, is refused: most refusals say to begin again. */
  #refusedInJoin(code: number, api: 'JoinGroup' | 'SyncGroup'): void {
    const failure = refused(code, `${api} of group '${this.#parts.groupId}'`)
    if (isError(code, 'UNKNOWN_MEMBER_ID', 'ILLEGAL_GENERATION')) {
      this.#reset(isError(code, 'ILLEGAL_GENERATION'), `${api} was refused`)
      return this.#again(0)
    }
    if (isError(code, 'REBALANCE_IN_PROGRESS'))
      return this.#again(api === 'SyncGroup' ? 0 : this.#backoff.failed())
    if (isError(code, 'COORDINATOR_NOT_AVAILABLE', 'NOT_COORDINATOR')) {
      this.#parts.coordinator.forget()
      return this.#again(this.#backoff.failed())
    }
    if (isError(code, 'COORDINATOR_LOAD_IN_PROGRESS')) return this.#again(this.#backoff.failed())
    this.#fatal = failure
    this.#again(this.#backoff.failed())
  }

  #again(afterMs: number, reason = 'rebalance failed'): void {
    const { bell } = this.#parts
    this.#state = 'unjoined'
    this.#heart.stop()
    this.#rejoin ??= reason
    this.#notBeforeMs = nowMs() + afterMs
    if (afterMs > 0) setTimeout(() => bell.ring(), Math.ceil(afterMs))
    else bell.ring()
  }

  // --- between rebalances

  /** Topics that were not there when the member joined, or another number of partitions. */
  #noticeChanges(): void {
    const { subscription } = this.#parts
    // A reason that stands rings no more: while no coordinator answers, `poll` would never sleep.
    if (this.#state !== 'stable' || this.#rejoin !== null) return
    if (this.#leaderSaw !== null && this.#leaderSaw !== this.#counts())
      this.rejoin('cached metadata has changed')
    if (this.#joinedTopics !== subscription.topics.join()) this.rejoin('the subscription has changed')
  }

  #counts(): string {
    const { metadata } = this.#parts
    return [...metadata.topics]
      .map(([name, { partitions }]) => `${name}:${partitions.length}`)
      .sort()
      .join()
  }

  async #beat(): Promise<number> {
    const { network, coordinator, settings, groupId, bell } = this.#parts
    const retryMs = settings['retry.backoff.ms']
    const { broker } = coordinator
    if (broker === null) {
      coordinator.seek()
      return retryMs
    }
    if (nowMs() - this.#heardAtMs > settings['session.timeout.ms']) {
      coordinator.forget(broker)
      this.#heardAtMs = nowMs()
      return retryMs
    }
    const by = this.member
    try {
      const { errorCode } = await network.send(
        broker,
        'Heartbeat',
        { ...by, groupId, generationId: by.generationId },
        { timeoutMs: Math.min(settings['request.timeout.ms'], settings['session.timeout.ms']) },
      )
      const current = by.generationId === this.#generationId && by.memberId === this.#memberId
      if (isError(errorCode, 'NONE', 'REBALANCE_IN_PROGRESS')) this.#heardAtMs = nowMs()
      if (current) this.#heard(errorCode, broker)
      bell.ring()
      return settings['heartbeat.interval.ms']
    } catch {
      coordinator.forget(broker)
      bell.ring()
      return retryMs
    }
  }

  #heard(code: number, broker: GroupParts['coordinator']['broker']): void {
    if (isError(code, 'NONE')) return
    if (isError(code, 'COORDINATOR_NOT_AVAILABLE', 'NOT_COORDINATOR'))
      return this.#parts.coordinator.forget(broker)
    if (isError(code, 'REBALANCE_IN_PROGRESS')) {
      if (this.#state === 'stable') this.rejoin('group is already rebalancing')
    } else if (isError(code, 'ILLEGAL_GENERATION', 'UNKNOWN_MEMBER_ID'))
      this.#reset(isError(code, 'ILLEGAL_GENERATION'), 'a heartbeat was refused')
    else this.#fatal = refused(code, `the heartbeat of group '${this.#parts.groupId}'`)
  }

  /** As Java does it: it leaves by itself, and learns in the next `poll` what it has lost. */
  #neglected(): void {
    void this.#sendLeave('consumer poll timeout has expired.', LEAVE_WAIT_MS)
    this.#reset(false, 'consumer pro-actively leaving the group')
  }

  async #sendLeave(reason: string, timeoutMs: number): Promise<void> {
    const { network, coordinator, settings, groupId } = this.#parts
    const { broker } = coordinator
    const static_ = settings['group.instance.id'] !== null
    if (static_ || broker === null || this.#memberId === '' || this.#state === 'unjoined') return
    const members = [{ memberId: this.#memberId, reason }]
    const sent = network.send(
      broker,
      'LeaveGroup',
      { groupId, memberId: this.#memberId, members },
      { timeoutMs },
    )
    await sent.catch(() => {})
  }

  #reset(keepsMemberId: boolean, reason: string): void {
    this.#heart.stop()
    this.#state = this.#state === 'joining' ? 'joining' : 'unjoined'
    this.#generationId = NO_GENERATION
    if (!keepsMemberId) this.#memberId = ''
    this.rejoin(reason)
  }

  #forget(): void {
    this.#turn += 1
    this.#state = 'unjoined'
    this.#generationId = NO_GENERATION
    this.#memberId = ''
    this.#rejoin = ''
    this.#prepared = false
    this.#joined = null
    this.#leaderSaw = null
  }

  #own(partitions: readonly TopicPartition[], lost: boolean): void {
    this.#parts.subscription.assign(partitions)
    this.#parts.owns(partitions, lost)
  }

  #demandNoFailure(): void {
    this.#parts.coordinator.demandNoFailure()
    const fatal = this.#fatal
    this.#fatal = null
    if (fatal !== null) throw fatal
  }
}

function partitionCounts(metadata: Metadata, topics: Iterable<string>): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const topic of topics) {
    const known = metadata.topics.get(topic)
    if (known !== undefined) counts.set(topic, known.partitions.length)
  }
  return counts
}

export function commitFailed(): KafkaException {
  return new KafkaException(
    'CommitFailedException',
    'Offset commit cannot be completed since the consumer is not part of an active group for auto partition assignment; it is likely that the consumer was kicked out of the group.',
  )
}
