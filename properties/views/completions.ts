import type { EventOf, TopicPartition } from '../../harness/core/history.ts'
import { groupBeside, incarnationName, requestName } from '../../harness/core/names.ts'
import type { Setting } from '../../harness/core/property.ts'
import { type CommittedOffsets, isWithin, type OffsetSpan, sameProducer } from './committed.ts'
import type { Groups } from './groups.ts'
import type { Copy, HandedOver } from './handed-over.ts'
import type { Append, Log, LogRecord, PartitionRecords } from './log.ts'
import type { Messages } from './messages.ts'
import type { Noting, View } from './observing.ts'
import type { Invocation, OpenHandlers } from './open-handlers.ts'
import type { Outputs, VisibleOutput } from './outputs.ts'
import { GroupMap } from './partition-map.ts'

/** Effects of processes that never said which group they work for count for every group. */
const NO_GROUP = ''

/** The work of one group in one partition; everything by index. */
export class PartitionWork {
  /** Completed records, with the number of the event that completed each first. */
  readonly complete: Map<number, number> = new Map()
  /** Records whose handler ran while its own process committed past them: see `Completions`. */
  readonly vouched: Set<number> = new Set()
  #frontier = 0

  /**
   * P(p): index of the first record that counts, is not complete and is not set aside, or the
   * log's end.
   */
  frontier(log: PartitionRecords, also: PartitionWork | undefined, aside: readonly OffsetSpan[]): number {
    let at = Math.min(this.#frontier, log.end)
    const isDone = (): boolean => this.complete.has(at) || also?.complete.has(at) === true
    const isAside = (): boolean => aside.length > 0 && isWithin(aside, log.offset(at))
    while (at < log.end && (!log.counts(at) || isDone() || isAside())) at += 1
    this.#frontier = at
    return at
  }

  /** The group is to go on from here. */
  goBack(index: number): void {
    this.#frontier = Math.min(this.#frontier, index)
  }

  /** Something else stands here now, after the log was cut. */
  forget(index: number): void {
    this.reopen(index)
    this.vouched.delete(index)
  }

  /** The event that completed the record is gone. */
  reopen(index: number): void {
    this.goBack(index)
    this.complete.delete(index)
  }
}

/**
 * The complete records of each group: they have an effect, or were skipped on purpose, or handed
 * over to another topic. With `guarantee.options.outputs` an effect is an output that a
 * read_committed observer sees, or being covered by the offsets of a committed transaction of the
 * process that had the record.
 *
 * Where the app reports no effects, a handler's success is the effect (of one that handed its
 * record over, the copy is), and a handler that commits before it returns leaves open whether its
 * work was done. Such a record is *vouched for* by the app's own commit, from the moment at which
 * the commit was sent: a maybe, of which neither loss nor completion is assumed. In a batch of
 * which the app resolves records one by one, it vouches only for the last record below the commit,
 * since it has said of the others that they are not done.
 */
export class Completions implements View {
  readonly #setting: Setting
  readonly #log: Log
  readonly #groups: Groups
  readonly #handlers: OpenHandlers
  readonly #committed: CommittedOffsets
  readonly #messages: Messages
  readonly #work: GroupMap<PartitionWork> = new GroupMap()
  readonly #listeners: ((completed: Completed) => void)[] = []
  /**
   * Handlers that ran when a commit was sent, by request, and by incarnation the last; whether they
   * still run when it is applied says nothing.
   */
  readonly #sentWith: Map<string, readonly Invocation[]> = new Map()
  /** Offsets of undecided transactions, and the records that their processes had in hand. */
  #covering: { readonly commit: EventOf<'commit'>; readonly records: readonly LogRecord[] }[] = []
  /** Records that nothing completes for a group but their copies elsewhere. */
  readonly #handed: GroupMap<Map<number, Set<Copy>>> = new GroupMap()

  /** The first effects of messages that have an identity, by the message's key. */
  readonly #effects: Map<string, readonly Completed[]> = new Map()
  readonly #undone: Map<LogRecord, EventOf<'effect-undone'>> = new Map()

  constructor(parts: {
    readonly setting: Setting
    readonly log: Log
    readonly groups: Groups
    readonly handlers: OpenHandlers
    readonly committed: CommittedOffsets
    readonly messages: Messages
    readonly handedOver: HandedOver
    readonly outputs: Outputs
  }) {
    this.#setting = parts.setting
    this.#log = parts.log
    this.#groups = parts.groups
    this.#handlers = parts.handlers
    this.#committed = parts.committed
    this.#messages = parts.messages
    parts.outputs.listen((output) => this.#visible(output))
    parts.handedOver.listen({
      given: (copy) => this.#handOver(copy),
      takenBack: (copy) => this.#takeBack(copy),
    })
  }

  /** The listener gets each record's first completion for a group. */
  listen(listener: (completed: Completed) => void): void {
    this.#listeners.push(listener)
  }

  readonly noting: Noting = {
    effect: (event) => {
      if (this.#setting.guarantee.options.outputs === undefined) this.#complete(event, 'effect')
    },
    'effect-undone': (event) => this.#undo(event),
    skip: (event) => this.#complete(event, 'skip'),
    request: ({ phase, api, process, incarnation, ordinal }) => {
      if (phase !== 'sent' || !api.endsWith('OffsetCommit') || !this.#needsHands) return
      const running = this.#handlers.of(process).map((each) => ({ ...each }))
      this.#sentWith.set(requestName({ process, api, ordinal }), running)
      this.#sentWith.set(incarnationName({ process, incarnation }), running)
    },
    commit: (event) => {
      if (event.phase !== 'applied') return
      if (!event.transactional) this.#vouch(event)
      else if (this.#setting.guarantee.options.outputs !== undefined) {
        this.#covering.push({ commit: event, records: this.#inHand(event).map(({ record }) => record) })
      }
    },
    transaction: (event) => this.#cover(event),
    'offset-set': (event) => {
      const index = this.#log.at(event)?.index(event.offset)
      if (index !== undefined) this.of(event.group, event).goBack(index)
    },
    append: (event) => {
      if (event.again === true) return
      const log = this.#log.at(event)
      if (log !== undefined && log.cut !== null) {
        const groups = [...this.#groups.consuming()].map(([group]) => group)
        for (const group of [...groups, NO_GROUP]) this.of(group, event).forget(log.index(event.offset))
      }
      this.#sentAgain(event)
    },
  }

  of(group: string, at: TopicPartition): PartitionWork {
    return this.#work.getOrMake(group, at, () => new PartitionWork())
  }

  isComplete(group: string, record: LogRecord): boolean {
    const { index } = record
    if (this.#undone.has(record)) return false
    if (this.#work.get(group, record)?.complete.has(index)) return true
    return this.#work.get(NO_GROUP, record)?.complete.has(index) === true
  }

  /** The event by which the record's effect no longer stands in its service, if there is one. */
  undoneBy(record: LogRecord): EventOf<'effect-undone'> | undefined {
    return this.#undone.get(record)
  }

  isVouched(group: string, record: LogRecord): boolean {
    return this.#work.get(group, record)?.vouched.has(record.index) === true
  }

  /** P(p) of this group as an index. */
  frontier(group: string, log: PartitionRecords): number {
    const aside = this.#committed.aside(group, log)
    return this.of(group, log).frontier(log, this.#work.get(NO_GROUP, log), aside)
  }

  #complete(event: EventOf<'effect'> | EventOf<'skip'>, how: 'effect' | 'skip'): void {
    const record = this.#log.everRecord(event)
    if (record === undefined || this.#handlers.isOfOther(event)) return
    this.#undone.delete(record)
    const groups = this.#handlers.groupsOf(event.process, event, this.#groups)
    // A handler that handed its record over achieved the copy, and no more.
    const itself = event.kind === 'skip' || event.via !== 'handler'
    for (const group of groups.length === 0 ? [NO_GROUP] : groups) {
      if (itself) this.#handed.get(group, record)?.delete(record.index)
      this.#mark({ group, record, seq: event.seq, process: event.process, how })
    }
  }

  /** A message whose effect is there needs no other, in whatever record of the topic it comes. */
  #alsoDone(completed: Completed): void {
    const { record, how } = completed
    const key = this.#messages.key(record)
    if (how !== 'effect' || key === null) return
    this.#effects.set(key, [...(this.#effects.get(key) ?? []), completed])
    for (const other of this.#messages.others(record)) this.#sameMessage(completed, other, completed.seq)
  }

  #sentAgain(event: Append): void {
    const record = this.#log.record(event)
    const key = this.#messages.key(event)
    if (record === undefined || key === null) return
    for (const done of this.#effects.get(key) ?? []) this.#sameMessage(done, record, event.seq)
  }

  /** Of the same group: in another cluster it is one that moved there, and has its name. */
  #sameMessage(done: Completed, record: LogRecord, seq: number): void {
    const group = groupBeside(done.group, record.topic)
    this.#mark({ ...done, group, record, seq, how: 'same-message' })
  }

  #undo(event: EventOf<'effect-undone'>): void {
    const record = this.#log.everRecord(event)
    if (record === undefined || event.left > 0) return
    // The frontier stays: what was committed meanwhile was done when it was committed.
    this.#undone.set(record, event)
  }

  #mark(completed: Completed): void {
    const { complete } = this.of(completed.group, completed.record)
    if (complete.has(completed.record.index)) return
    complete.set(completed.record.index, completed.seq)
    for (const listener of this.#listeners) listener(completed)
    this.#alsoDone(completed)
  }

  #visible({ append, input, visibleSeq }: VisibleOutput): void {
    const record = this.#log.record(input)
    const process = append.process
    if (record === undefined || process === null) return
    for (const group of this.#handlers.groupsOf(process, input, this.#groups)) {
      this.#mark({ group, record, seq: visibleSeq, process, how: 'effect' })
    }
  }

  /**
   * The offsets of a transaction stand for the work on every record below them that its process had
   * in hand.
   */
  #cover(transaction: EventOf<'transaction'>): void {
    if (transaction.phase !== 'committed' && transaction.phase !== 'aborted') return
    const ended = this.#covering.filter(({ commit }) => sameProducer(commit, transaction))
    this.#covering = this.#covering.filter((each) => !ended.includes(each))
    if (transaction.phase === 'aborted') return
    for (const { commit, records } of ended) {
      for (const record of records) {
        const { group, process } = commit
        this.#mark({ group, record, seq: transaction.seq, process, how: 'effect' })
      }
    }
  }

  #vouch(commit: EventOf<'commit'>): void {
    if (this.#setting.effects === 'reported') return
    const { vouched } = this.of(commit.group, commit)
    for (const { record, resolved } of this.#inHand(commit)) {
      if (!resolved || record.offset === commit.offset - 1n) vouched.add(record.index)
    }
  }

  get #needsHands(): boolean {
    return this.#setting.effects === 'handlers' || this.#setting.guarantee.options.outputs !== undefined
  }

  /**
   * Records of handlers of the committing process that ran when the commit was sent, and that it
   * passes.
   */
  #inHand(commit: EventOf<'commit'>): { readonly record: LogRecord; readonly resolved: boolean }[] {
    const records: { record: LogRecord; resolved: boolean }[] = []
    const api = commit.transactional ? 'TxnOffsetCommit' : 'OffsetCommit'
    const { process, incarnation, ordinal } = commit
    const running =
      this.#sentWith.get(requestName({ process, api, ordinal })) ??
      this.#sentWith.get(incarnationName({ process, incarnation })) ??
      this.#handlers.of(process)
    for (const { group, topic, partition, offsets, resolved, replaced } of running) {
      if (group !== commit.group || topic !== commit.topic || partition !== commit.partition) continue
      for (const offset of offsets) {
        const record = this.#log.record({ topic, partition, offset })
        if (replaced?.has(offset)) continue
        if (record !== undefined && offset < commit.offset) records.push({ record, resolved })
      }
    }
    return records
  }

  #handOver(copy: Copy): void {
    const { process, seq } = copy.append
    if (process === null) return
    for (const group of this.#groups.of(process)) {
      const consumed = copy.originals.filter(({ topic }) => this.#groups.consumes(group, topic))
      const waiting = consumed.filter((record) => !this.isComplete(group, record))
      // One that was sent again stands beside its first copy.
      const candidates =
        waiting.length > 0
          ? waiting
          : consumed.filter((record) => this.#handed.get(group, record)?.has(record.index))
      const record =
        candidates.find((each) => this.#handlers.find(process, each, group) !== undefined) ?? candidates[0]
      if (record === undefined) continue
      const handed = this.#handed.getOrMake(group, record, () => new Map())
      const copies = handed.get(record.index)
      if (copies === undefined) handed.set(record.index, new Set([copy]))
      else copies.add(copy)
      this.#mark({ group, record, seq, process, how: 'handed-over' })
    }
  }

  #takeBack(copy: Copy): void {
    for (const [group, at, handed] of this.#handed.entries()) {
      for (const [index, copies] of handed) {
        if (!copies.delete(copy) || copies.size > 0) continue
        handed.delete(index)
        this.of(group, at).reopen(index)
      }
    }
  }
}

/** A record's first completion for a group. */
export interface Completed {
  readonly group: string
  readonly record: LogRecord
  readonly seq: number
  readonly process: string
  /** `same-message`: another record of the topic is the same message, and has the effect. */
  readonly how: 'effect' | 'skip' | 'handed-over' | 'same-message'
}
