import type { EventOf, Observation, TopicPartition } from '../../core/history.ts'
import { partitionName, requestName } from '../../core/names.ts'
import { errorName } from '../../kafka/index.ts'
import type { Exchange } from '../gate/exchange.ts'
import type { LearntGroups } from './groups.ts'

export type CommitObservation = Omit<EventOf<'commit'>, 'seq' | 'timeUs'>

interface Topics {
  readonly name: string
  readonly topicId?: string
  readonly partitions: readonly {
    readonly partitionIndex: number
    readonly committedOffset?: bigint
    readonly errorCode?: number
  }[]
}

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
    const codes = new Map<string, number>()
    for (const { name, topicId, partitions } of (exchange.answer?.['topics'] ?? []) as Topics[]) {
      for (const { partitionIndex, errorCode = 0 } of partitions)
        codes.set(partitionName({ topic: name || topicId || '', partition: partitionIndex }), errorCode)
    }
    const commits = this.#commitsOf(exchange, (key) => codes.get(key) ?? 0)
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
    for (const [name, kept] of this.#kept) {
      if (kept.topic !== topic) continue
      this.#kept.delete(name)
      this.#observe({ kind: 'offset-removed', ...kept, reason: 'topic deleted' })
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

  #commitsOf(exchange: Exchange, codeOf: (key: string) => number): CommitObservation[] {
    const { request, process, incarnation, ordinal, api } = exchange
    if (request === null) return []
    const transactional = api === 'TxnOffsetCommit'
    const group = request['groupId'] as string
    const generation = (request['generationIdOrMemberEpoch'] ?? request['generationId'] ?? -1) as number
    const producer = transactional ? { producerId: request['producerId'] as bigint } : {}
    return (request['topics'] as Topics[]).flatMap(({ name, topicId, partitions }) => {
      const topic = name || this.#groups.topicName(topicId ?? '')
      return partitions.map(({ partitionIndex: partition, committedOffset: offset = -1n }) => {
        const code = codeOf(partitionName({ topic: name || topicId || '', partition }))
        return {
          kind: 'commit' as const,
          phase: code === 0 ? ('applied' as const) : ('rejected' as const),
          group,
          memberId: (request['memberId'] ?? '') as string,
          generation,
          topic,
          partition,
          offset,
          error: code === 0 ? null : errorName(code),
          transactional,
          ...producer,
          ordinal,
          owner: this.#groups.ownerOf(group, { topic, partition }),
          process,
          incarnation,
        }
      })
    })
  }
}

function isCommit({ api }: Exchange): boolean {
  return api === 'OffsetCommit' || api === 'TxnOffsetCommit'
}
