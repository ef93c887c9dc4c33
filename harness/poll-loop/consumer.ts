import { announce, type ConsumerObserver } from './announce.ts'
import { consumedOffsets } from './auto-commit.ts'
import { type ConsumerParts, consumerParts, type Grouped } from './consumer-parts.ts'
import { KafkaException } from './errors.ts'
import type { RebalanceListener } from './group/listener.ts'
import type { ConsumerGroupMetadata } from './group/membership.interface.ts'
import type { CommitCallback, GroupOffset } from './offsets/commits.ts'
import type { OffsetAndTime } from './offsets/list-offsets.ts'
import type { OffsetToCommit } from './offsets/offset-to-commit.ts'
import { keyOf, type TopicPartition } from './partition.ts'
import { PolledRecords } from './records.ts'
import { consumerSettings, type GivenConsumerSettings } from './settings/consumer-settings.ts'
import { Deadline } from './time.ts'

const CLOSE_TIMEOUT_MS = 30_000
/** Longest that `poll` sleeps without looking around, should nobody wake it. */
const LOOK_MS = 1_000

/**
 * A consumer as Java's `KafkaConsumer` is one: it does what it does inside `poll` and the other
 * calls, one at a time, but for heartbeats and reading ahead. Offsets are bigint, and partitions
 * plain `{ topic, partition }`. What goes wrong is a `KafkaException` with the name that it has in
 * Java.
 */
export class Consumer {
  readonly #parts: ConsumerParts
  #observer: ConsumerObserver | null = null
  #busy = false
  #closed = false

  /** @throws KafkaException `ConfigException` */
  constructor(settings: GivenConsumerSettings) {
    const read = consumerSettings(settings)
    this.#parts = consumerParts(read, (partitions, lost) =>
      this.#observer?.owns(this.#parts.group?.membership.member.memberId ?? '', partitions, lost),
    )
    announce({
      type: 'consumer',
      groupId: read['group.id'] ?? '',
      brokers: read['bootstrap.servers'].map(({ host, port }) => `${host}:${port}`),
      observe: (observer) => {
        this.#observer = observer
      },
    })
  }

  // --- what to read

  /** @param topics their names, or a pattern that they match as a whole */
  subscribe(topics: readonly string[] | RegExp, listener: RebalanceListener = {}): void {
    this.#enter()
    this.#demandGroup()
    const { subscription, metadata, callbacks } = this.#parts
    if (!(topics instanceof RegExp) && topics.some((each) => each.trim() === ''))
      throw new KafkaException(
        'IllegalArgumentException',
        'Topic collection to subscribe to cannot contain null or empty topic',
      )
    if (!(topics instanceof RegExp) && topics.length === 0) throw unsubscribeInstead()
    subscription.subscribe(
      topics instanceof RegExp ? { by: 'pattern', pattern: topics } : { by: 'topics', topics },
    )
    callbacks.listener = listener
    if (topics instanceof RegExp) metadata.want(null)
    else {
      metadata.want(topics)
      this.#observer?.subscribed(topics)
    }
  }

  /** Reads these partitions, whatever others do. */
  assign(partitions: readonly TopicPartition[]): void {
    this.#enter()
    const { subscription, metadata, group } = this.#parts
    if (partitions.length === 0) throw unsubscribeInstead()
    subscription.subscribe({ by: 'partitions' })
    group?.autoCommit?.whereDue()
    subscription.assign(partitions)
    const topics = [...new Set(partitions.map(({ topic }) => topic))]
    metadata.want(topics)
    this.#observer?.subscribed(topics)
    this.#observer?.owns('', subscription.assigned.map(plain), false)
  }

  async unsubscribe(): Promise<void> {
    await this.#exclusively(async () => {
      const { subscription, group, callbacks } = this.#parts
      const deadline = new Deadline(CLOSE_TIMEOUT_MS)
      if (subscription.grouped) {
        this.#observer?.closing('unsubscribe')
        await group?.membership.leave('the consumer unsubscribed from all topics', deadline)
      }
      subscription.unsubscribe()
      callbacks.listener = {}
    })
  }

  get subscription(): readonly string[] {
    return this.#parts.subscription.topics
  }

  get assignment(): readonly TopicPartition[] {
    return this.#parts.subscription.assigned.map(plain)
  }

  // --- reading

  /** Records that are there, or that come within this time. */
  async poll(timeoutMs: number): Promise<PolledRecords> {
    return this.#exclusively(async () => {
      const { subscription, fetcher, patience, bell } = this.#parts
      if (subscription.wanted === null)
        throw new KafkaException(
          'IllegalStateException',
          'Consumer is not subscribed to any topics or assigned any partitions',
        )
      const delay = this.#observer?.beforePoll()
      if (delay) await delay
      const deadline = new Deadline(timeoutMs)
      for (;;) {
        patience.demandNotWoken()
        await this.#advance(deadline)
        const records = fetcher.collect(this.#observer)
        fetcher.send()
        if (!records.isEmpty) return records
        if (deadline.passed) {
          // A loop that polls without waiting must let answers come in, too.
          if (timeoutMs === 0) await new Promise((resolve) => setImmediate(resolve))
          return PolledRecords.EMPTY
        }
        await bell.wait(Math.min(deadline.leftMs, LOOK_MS))
      }
    })
  }

  /** Does the work of `poll` that precedes the records. */
  async #advance(deadline: Deadline): Promise<void> {
    const { subscription, metadata, group } = this.#parts
    if (metadata.refusal !== null) {
      const { refusal } = metadata
      metadata.refusal = null
      metadata.invalidate()
      throw refusal
    }
    metadata.refreshWhereDue()
    if (group !== null) {
      await group.commits.runCallbacks()
      this.#match()
      const settled = !subscription.grouped || (await group.membership.step())
      if (!subscription.grouped && group.coordinator.broker === null) group.coordinator.seek()
      group.autoCommit?.whereDue()
      if (!settled) return
    }
    await this.#position(deadline)
  }

  /** Nothing is returned, of any partition, while committed offsets are being looked up. */
  async #position(deadline: Deadline): Promise<void> {
    const { positions, patience, bell, metadata, group } = this.#parts
    for (positions.step(); positions.lookingUp && !deadline.passed; positions.step()) {
      await bell.wait(Math.min(deadline.leftMs, LOOK_MS))
      patience.demandNotWoken()
      metadata.refreshWhereDue()
      if (group?.coordinator.broker === null) group.coordinator.seek()
    }
  }

  /** The topics that the pattern matches by now. */
  #match(): void {
    const { subscription, metadata, settings } = this.#parts
    const { wanted } = subscription
    if (wanted?.by !== 'pattern' || !metadata.fresh) return
    const whole = new RegExp(`^(?:${wanted.pattern.source})$`, wanted.pattern.flags.replace('g', ''))
    const found = [...metadata.topics].flatMap(([name, { internal }]) =>
      whole.test(name) && !(internal && settings['exclude.internal.topics']) ? [name] : [],
    )
    if (subscription.match(found)) this.#observer?.subscribed(found)
  }

  // --- positions

  /** The next record that `poll` returns is the one at this offset, or the first after it. */
  seek(at: TopicPartition, offset: bigint, leaderEpoch = -1): void {
    this.#enter()
    if (offset < 0n)
      throw new KafkaException('IllegalArgumentException', 'seek offset must not be a negative number')
    const { subscription } = this.#parts
    subscription.seek(subscription.demand(at, 'seek'), { offset, offsetEpoch: leaderEpoch })
    this.#observer?.sought(plain(at), offset)
  }

  /** To the first record of each; it is looked up in the next `poll` or `position`. */
  seekToBeginning(partitions: readonly TopicPartition[] = this.assignment): void {
    this.#seekTo(partitions, 'earliest')
  }

  /** Behind the last record of each; it is looked up in the next `poll` or `position`. */
  seekToEnd(partitions: readonly TopicPartition[] = this.assignment): void {
    this.#seekTo(partitions, 'latest')
  }

  #seekTo(partitions: readonly TopicPartition[], target: 'earliest' | 'latest'): void {
    this.#enter()
    const { subscription } = this.#parts
    for (const at of partitions.map((each) => subscription.demand(each, 'seek'))) {
      subscription.seekTo(at, target)
      this.#observer?.sought(plain(at), -1n)
    }
  }

  /** The offset of the next record that `poll` returns. */
  async position(at: TopicPartition, timeoutMs = this.#apiTimeoutMs): Promise<bigint> {
    return this.#exclusively(async () => {
      const { subscription, positions, bell, patience, metadata, group } = this.#parts
      const deadline = new Deadline(timeoutMs)
      const assigned = subscription.demand(at, 'position')
      for (;;) {
        patience.demandNotWoken()
        if (assigned.position !== null) return assigned.position.offset
        if (deadline.passed)
          throw new KafkaException(
            'TimeoutException',
            `the position of ${keyOf(at)} took longer than ${timeoutMs} ms`,
            {
              retriable: true,
            },
          )
        metadata.refreshWhereDue()
        group?.coordinator.seek()
        positions.step()
        if (assigned.position === null) await bell.wait(Math.min(deadline.leftMs, LOOK_MS))
      }
    })
  }

  pause(partitions: readonly TopicPartition[]): void {
    this.#enter()
    for (const at of partitions.map((each) => this.#parts.subscription.demand(each, 'pause')))
      at.paused = true
    this.#observer?.paused(partitions.map(plain))
  }

  resume(partitions: readonly TopicPartition[]): void {
    this.#enter()
    for (const at of partitions.map((each) => this.#parts.subscription.demand(each, 'resume')))
      at.paused = false
    this.#observer?.resumed(partitions.map(plain))
  }

  get paused(): readonly TopicPartition[] {
    return this.#parts.subscription.assigned.filter(({ paused }) => paused).map(plain)
  }

  // --- commits

  /** @param offsets default: what all polls so far have returned */
  async commitSync(offsets?: readonly OffsetToCommit[], timeoutMs = this.#apiTimeoutMs): Promise<void> {
    await this.#exclusively(async () => {
      const { commits } = this.#demandGroup()
      await commits.sync(offsets ?? consumedOffsets(this.#parts.subscription), new Deadline(timeoutMs))
    })
  }

  /** Sends a commit once; what becomes of it the callback learns in a later call. */
  commitAsync(callback?: CommitCallback): void
  commitAsync(offsets: readonly OffsetToCommit[] | undefined, callback?: CommitCallback): void
  commitAsync(first?: readonly OffsetToCommit[] | CommitCallback, second: CommitCallback = () => {}): void {
    this.#enter()
    const { commits } = this.#demandGroup()
    const [offsets, callback] = typeof first === 'function' ? [undefined, first] : [first, second]
    commits.async(offsets ?? consumedOffsets(this.#parts.subscription), callback)
  }

  async committed(
    partitions: readonly TopicPartition[],
    timeoutMs = this.#apiTimeoutMs,
  ): Promise<readonly GroupOffset[]> {
    return this.#exclusively(() => this.#demandGroup().commits.fetch(partitions, new Deadline(timeoutMs)))
  }

  // --- the log

  /** For each the first record of this time or later. */
  async offsetsForTimes(
    times: readonly (TopicPartition & { readonly timestamp: bigint })[],
    timeoutMs = this.#apiTimeoutMs,
  ): Promise<readonly OffsetAndTime[]> {
    for (const { timestamp } of times)
      if (timestamp < 0n)
        throw new KafkaException('IllegalArgumentException', `the target time ${timestamp} is negative`)
    const questions = times.map((each) => ({ ...plain(each), target: { timestamp: each.timestamp } }))
    return this.#exclusively(() => this.#parts.listOffsets.all(questions, new Deadline(timeoutMs)))
  }

  async beginningOffsets(
    partitions: readonly TopicPartition[],
    timeoutMs = this.#apiTimeoutMs,
  ): Promise<readonly OffsetAndTime[]> {
    const questions = partitions.map((at) => ({ ...plain(at), target: 'earliest' as const }))
    return this.#exclusively(() => this.#parts.listOffsets.all(questions, new Deadline(timeoutMs)))
  }

  /** High watermarks; under `read_committed` last stable offsets. */
  async endOffsets(
    partitions: readonly TopicPartition[],
    timeoutMs = this.#apiTimeoutMs,
  ): Promise<readonly OffsetAndTime[]> {
    const questions = partitions.map((at) => ({ ...plain(at), target: 'latest' as const }))
    return this.#exclusively(() => this.#parts.listOffsets.all(questions, new Deadline(timeoutMs)))
  }

  /** The distance of the position to the end, as the last Fetch told it; null: not known yet. */
  currentLag(at: TopicPartition): bigint | null {
    this.#enter()
    const { subscription, settings } = this.#parts
    const { position, lastStableOffset, highWatermark } = subscription.demand(at, 'currentLag')
    const end = settings['isolation.level'] === 'read_committed' ? lastStableOffset : highWatermark
    return position === null || end === null ? null : end - position.offset
  }

  // --- the rest

  groupMetadata(): ConsumerGroupMetadata {
    this.#enter()
    return this.#demandGroup().membership.metadata
  }

  /** Of the next `poll`: as if the group had asked for it. */
  enforceRebalance(reason = 'rebalance enforced by user'): void {
    this.#enter()
    this.#demandGroup().membership.rejoin(reason)
  }

  /** Ends the call that waits, or the next one that would, with a WakeupException. */
  wakeup(): void {
    this.#parts.patience.wakeup()
    this.#parts.bell.ring()
  }

  /** Commits where auto commit is on, leaves the group, and ends all connections. */
  async close(timeoutMs = CLOSE_TIMEOUT_MS): Promise<void> {
    if (this.#closed) return
    await this.#exclusively(async () => {
      const { group, fetcher, network, metadata, subscription } = this.#parts
      this.#observer?.closing('close')
      const deadline = new Deadline(timeoutMs)
      let failure: unknown = null
      const attempt = async (work: () => Promise<unknown> | undefined): Promise<void> => {
        try {
          await work()
        } catch (error) {
          failure ??= error
        }
      }
      await attempt(() => group?.autoCommit?.finally(deadline))
      await attempt(() => group?.commits.settle(deadline))
      if (subscription.grouped)
        await attempt(() => group?.membership.leave('the consumer is being closed', deadline))
      this.#closed = true
      fetcher.close()
      metadata.close()
      network.close()
      this.#observer?.closed()
      if (failure !== null) throw failure
    })
  }

  get #apiTimeoutMs(): number {
    return this.#parts.settings['default.api.timeout.ms']
  }

  #demandGroup(): Grouped {
    const { group } = this.#parts
    if (group === null)
      throw new KafkaException(
        'InvalidGroupIdException',
        "this needs a group; set 'group.id' in the consumer's settings",
      )
    return group
  }

  /** One call at a time, but for those that a callback makes. */
  async #exclusively<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#enter()
    const outer = !this.#busy
    this.#busy = true
    try {
      return await work()
    } finally {
      if (outer) this.#busy = false
    }
  }

  #enter(): void {
    if (this.#closed)
      throw new KafkaException('IllegalStateException', 'This consumer has already been closed.')
    if (this.#busy && !this.#parts.callbacks.running)
      throw new KafkaException(
        'ConcurrentModificationException',
        'a call of this consumer is under way: await it first; only wakeup() may come in between',
      )
  }
}

function plain({ topic, partition }: TopicPartition): TopicPartition {
  return { topic, partition }
}

function unsubscribeInstead(): KafkaException {
  return new KafkaException(
    'IllegalArgumentException',
    'the list is empty; call unsubscribe() to read nothing',
  )
}
