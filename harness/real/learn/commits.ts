import type { EventOf, Observation, TopicPartition } from '../../core/history.ts'
import { partitionName, requestName } from '../../core/names.ts'
import { errorName } from '../../kafka/index.ts'
import { type Exchange, type ExchangeOf, isOf } from '../gate/exchange.ts'
import type { LearntGroups } from './groups.ts'

export type CommitObservation = Omit<EventOf<'commit'>, 'seq' | 'timeUs'>

/**
 * Commits, one observation for each partition: applied or rejected when the broker answers, then
 * acknowledged or lost.
 */
export class Commits {
  readonly #observe: (observation: Observation) => void
  readonly #groups: LearntGroups
  /** Commits that were applied or rejected and are not yet acknowledged, by the request's name. */
  readonly #answered: Map<string, CommitObservation[]> = new Map()
  readonly #underway: Set<string> = new Set()
  /** Where a coordinator keeps an offset, by group and partition. */
  readonly #kept: Map<string, TopicPartition & { readonly group: string }> = new Map()

  constructor({ observe, groups }: { observe(observation: Observation): void; groups: LearntGroups }) {
    this.#observe = observe
    this.#groups = groups
  }

  get underway(): number {
    return this.#underway.size
  }

  sent(exchange: Exchange): void {
    if (isCommit(exchange)) this.#underway.add(requestName(exchange))
  }

  applied(exchange: Exchange): void {
    if (!isCommit(exchange)) return
    const commits = this.#commitsOf(exchange)
    this.#answered.set(requestName(exchange), commits)
    for (const commit of commits) {
      this.#observe(commit)
      const { group, topic, partition } = commit
      if (commit.phase === 'applied')
        this.#kept.set(`${group} ${partitionName(commit)}`, { group, topic, partition })
    }
  }

  /** Coordinators forget what was committed for a topic that is gone. */
  topicDeleted(topic: string): void {
    this.#forget((kept) => kept.topic === topic, 'topic deleted')
  }

  /** The group is gone, with all that it had committed. */
  groupDeleted(group: string): void {
    this.#forget((kept) => kept.group === group, 'group deleted')
  }

  #forget(isGone: (kept: TopicPartition & { readonly group: string }) => boolean, reason: string): void {
    for (const [name, kept] of this.#kept) {
      if (!isGone(kept)) continue
      this.#kept.delete(name)
      this.#observe({ kind: 'offset-removed', ...kept, reason })
    }
  }

  /** The gate answered in the broker's place: nobody has seen the commit. */
  refused(exchange: Exchange): void {
    if (isCommit(exchange)) this.#answered.set(requestName(exchange), [])
  }

  ended(exchange: Exchange, phase: 'acknowledged' | 'lost'): void {
    const name = requestName(exchange)
    this.#underway.delete(name)
    for (const commit of this.#answered.get(name) ?? []) this.#observe({ ...commit, phase })
    this.#answered.delete(name)
  }

  #commitsOf(exchange: CommitExchange): CommitObservation[] {
    const { request, process, incarnation, ordinal } = exchange
    if (request === null) return []
    const { groupId: group, memberId } = request
    const byRequest = committedBy(exchange)
    const codes = codesIn(exchange)
    return request.topics.flatMap((topic) => {
      const key = keyOf(topic)
      const name = topic.name || this.#groups.topicName(key)
      return topic.partitions.map(({ partitionIndex: partition, committedOffset: offset }) => {
        const code = codes.get(partitionName({ topic: key, partition })) ?? 0
        return {
          kind: 'commit' as const,
          phase: code === 0 ? ('applied' as const) : ('rejected' as const),
          group,
          memberId,
          topic: name,
          partition,
          offset,
          error: code === 0 ? null : errorName(code),
          ...byRequest,
          ordinal,
          owner: this.#groups.ownerOf(group, { topic: name, partition }),
          process,
          incarnation,
        }
      })
    })
  }
}

type CommitExchange = ExchangeOf<'OffsetCommit'> | ExchangeOf<'TxnOffsetCommit'>

function committedBy(
  exchange: CommitExchange,
): Pick<CommitObservation, 'transactional' | 'generation' | 'producerId'> {
  if (isOf(exchange, 'OffsetCommit'))
    return { transactional: false, generation: exchange.request?.generationIdOrMemberEpoch ?? -1 }
  const { request } = exchange
  if (request === null) return { transactional: true, generation: -1 }
  return { transactional: true, generation: request.generationId, producerId: request.producerId }
}

function codesIn({ answer }: CommitExchange): ReadonlyMap<string, number> {
  const codes = new Map<string, number>()
  for (const topic of answer?.topics ?? [])
    for (const { partitionIndex: partition, errorCode } of topic.partitions)
      codes.set(partitionName({ topic: keyOf(topic), partition }), errorCode)
  return codes
}

/** A request names its topics by name or by id, and so does its answer. */
function keyOf(topic: { readonly name: string; readonly topicId?: string }): string {
  return topic.name || (topic.topicId ?? '')
}

function isCommit(exchange: Exchange): exchange is CommitExchange {
  return isOf(exchange, 'OffsetCommit') || isOf(exchange, 'TxnOffsetCommit')
}
