import type { EventOf, RecordPosition, TopicPartition } from '../../harness/core/history.ts'
import type { Noting, View } from './observing.ts'
import { GroupMap } from './partition-map.ts'

type CommitEvent = EventOf<'commit'>

/** A group's committed offset comes from one of its members, or from somebody outside. */
export type HeldOffset = CommitEvent | EventOf<'offset-set'>

/** Offsets from `from` on, up to `to`, which is not included. */
export interface OffsetSpan {
  readonly from: bigint
  readonly to: bigint
}

/**
 * C(p): the committed offset of each group and partition, as the coordinator keeps it. A commit
 * inside a transaction counts when the transaction's marker reaches its group, at the latest when
 * the transaction is committed. A negative offset (kafkajs commits −1 or −2 to ask for its reset
 * policy) leaves nothing that anyone could resume at. What somebody outside the group lets it pass
 * over is set aside: the group is not asked for it, until somebody takes it back.
 */
export class CommittedOffsets implements View {
  readonly #current: GroupMap<HeldOffset> = new GroupMap()
  readonly #aside: GroupMap<readonly OffsetSpan[]> = new GroupMap()
  readonly #all: GroupMap<CommitEvent[]> = new GroupMap()
  readonly #pending: CommitEvent[] = []

  readonly noting: Noting = {
    commit: (event) => {
      if (event.phase !== 'applied') return
      if (event.transactional) this.#pending.push(event)
      else this.#apply(event)
    },
    marker: ({ producerId, outcome, groups }) => {
      if (groups === undefined) return
      this.#decide((commit) => commit.producerId === producerId && groups.includes(commit.group), outcome)
    },
    transaction: (event) => {
      if (event.phase !== 'committed' && event.phase !== 'aborted') return
      const outcome = event.phase === 'committed' ? 'commit' : 'abort'
      this.#decide((commit) => sameProducer(commit, event), outcome)
    },
    'offset-removed': (event) => {
      const { group, fallback } = event
      const older = this.all(group, event).findLast(({ offset }) => offset === fallback)
      this.#current.set(group, event, older)
    },
    'offset-set': (event) => this.#set(event),
    'topic-deleted': ({ topic }) => {
      for (const [group, at] of [...this.#current.entries()]) {
        if (at.topic === topic) this.#current.set(group, at, undefined)
      }
    },
  }

  /** The event that holds now, or undefined where the group has no committed offset. */
  of(group: string, at: TopicPartition): HeldOffset | undefined {
    return this.#current.get(group, at)
  }

  /** Whether somebody outside the group let it pass over this record. */
  isAside(group: string, at: RecordPosition): boolean {
    return isWithin(this.aside(group, at), at.offset)
  }

  /** Offsets that the group was let pass over by somebody outside it. */
  aside(group: string, at: TopicPartition): readonly OffsetSpan[] {
    return this.#aside.get(group, at) ?? []
  }

  /** Every commit that took effect, in order. */
  all(group: string, at: TopicPartition): readonly CommitEvent[] {
    return this.#all.get(group, at) ?? []
  }

  #decide(isPart: (commit: CommitEvent) => boolean, outcome: 'commit' | 'abort'): void {
    for (let index = 0; index < this.#pending.length; index += 1) {
      const commit = this.#pending[index]
      if (commit === undefined || !isPart(commit)) continue
      this.#pending.splice(index, 1)
      index -= 1
      if (outcome === 'commit') this.#apply(commit)
    }
  }

  #set(event: EventOf<'offset-set'>): void {
    const { group, offset } = event
    const from = this.of(group, event)?.offset ?? 0n
    const before = this.aside(group, event)
    const kept = before.flatMap((range) => {
      const to = range.to < offset ? range.to : offset
      return range.from < to ? [{ from: range.from, to }] : []
    })
    this.#aside.set(group, event, from < offset ? [...kept, { from, to: offset }] : kept)
    this.#current.set(group, event, event)
  }

  #apply(commit: CommitEvent): void {
    // A commit that was sent later stays, although this one is decided only now.
    const current = this.#current.get(commit.group, commit)
    if (current !== undefined && current.seq > commit.seq) return
    this.#current.set(commit.group, commit, commit.offset < 0n ? undefined : commit)
    this.#all.getOrMake(commit.group, commit, () => []).push(commit)
  }
}

export function isWithin(ranges: readonly OffsetSpan[], offset: bigint): boolean {
  return ranges.some(({ from, to }) => from <= offset && offset < to)
}

/** Whether this commit was sent inside the transaction that the event is about. */
export function sameProducer(commit: CommitEvent, transaction: EventOf<'transaction'>): boolean {
  if (commit.producerId !== undefined) return commit.producerId === transaction.producerId
  return transaction.process === null || commit.process === transaction.process
}
