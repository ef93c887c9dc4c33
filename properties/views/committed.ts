import type { EventOf, TopicPartition } from '../../harness/core/history.ts'
import type { Noting, View } from './observing.ts'
import { GroupMap } from './partition-map.ts'

type Commit = EventOf<'commit'>

/**
 * C(p): the committed offset of each group and partition, as the coordinator keeps it. A commit
 * inside a transaction counts when the transaction's marker reaches its group, at the latest when
 * the transaction is committed. A negative offset (kafkajs commits −1 or −2 to ask for its reset
 * policy) leaves nothing that anyone could resume at.
 */
export class CommittedOffsets implements View {
  readonly #current: GroupMap<Commit> = new GroupMap()
  readonly #all: GroupMap<Commit[]> = new GroupMap()
  readonly #pending: Commit[] = []

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
    'topic-deleted': ({ topic }) => {
      for (const [group, at] of [...this.#current.entries()]) {
        if (at.topic === topic) this.#current.set(group, at, undefined)
      }
    },
  }

  /** The commit that holds now, or undefined where the group has no committed offset. */
  of(group: string, at: TopicPartition): Commit | undefined {
    return this.#current.get(group, at)
  }

  /** Every commit that took effect, in order. */
  all(group: string, at: TopicPartition): readonly Commit[] {
    return this.#all.get(group, at) ?? []
  }

  #decide(isPart: (commit: Commit) => boolean, outcome: 'commit' | 'abort'): void {
    for (let index = 0; index < this.#pending.length; index += 1) {
      const commit = this.#pending[index]
      if (commit === undefined || !isPart(commit)) continue
      this.#pending.splice(index, 1)
      index -= 1
      if (outcome === 'commit') this.#apply(commit)
    }
  }

  #apply(commit: Commit): void {
    // A commit that was sent later stays, although this one is decided only now.
    const current = this.#current.get(commit.group, commit)
    if (current !== undefined && current.seq > commit.seq) return
    this.#current.set(commit.group, commit, commit.offset < 0n ? undefined : commit)
    this.#all.getOrMake(commit.group, commit, () => []).push(commit)
  }
}

/** Whether this commit was sent inside the transaction that the event is about. */
export function sameProducer(commit: Commit, transaction: EventOf<'transaction'>): boolean {
  if (commit.producerId !== undefined) return commit.producerId === transaction.producerId
  return transaction.process === null || commit.process === transaction.process
}
