import {
  type AnswerBody,
  type ApiName,
  errorName,
  type RequestBody,
  type RequestDraft,
} from '../../kafka/index.ts'
import { answered, type Line, type ProbeAnswer } from '../../kafka/probe/index.ts'
import { deepError } from './answers.ts'
import type { ConsumerStep } from './consumer-steps.ts'
import { PARTITIONS as CLASSIC_PARTITIONS } from './script.ts'
import { coordinatorError, type ScriptRun } from './script-run.ts'
import type { Target } from './target.ts'

const REBALANCE_MS = 300_000
const RESOLVED_MS = 400
const CREATED_MS = 100
const CREATED_TRIES = 60
/** A group coordinator hears of a topic a little later than the brokers that lead it. */
const HEARD_MS = 700
const PARTITIONS = 5

interface ScriptConsumer {
  readonly line: Line
  readonly memberId: string
  instance: string | null
  epoch: number
  told: readonly number[]
  to: 'topic' | 'pattern' | 'other'
}

/**
 * Plays the steps of consumers; each of them names itself, so that both clusters see the same ids.
 */
export class Consumers {
  readonly #target: Target
  readonly #run: ScriptRun
  readonly #topic: string
  readonly #group: string
  readonly #partitions: readonly number[]
  readonly #countsOnly: boolean
  readonly #consumers: Map<number, ScriptConsumer> = new Map()
  #topicId: string | null = null

  constructor(run: ScriptRun) {
    const { topic, group, countsOnly } = run
    this.#run = run
    this.#target = run.target
    this.#topic = countsOnly ? topic : `${topic}-c`
    this.#group = countsOnly ? group : `${group}-c`
    this.#countsOnly = countsOnly
    const partitions = countsOnly ? CLASSIC_PARTITIONS : PARTITIONS
    this.#partitions = Array.from({ length: partitions }, (_, index) => index)
  }

  #ask<Api extends ApiName>(
    api: Api,
    version: number,
    body: RequestDraft<Api>,
    on?: Line,
  ): Promise<ProbeAnswer<Api>> {
    return this.#run.patiently(() => this.#run.ask(api, version, body, on), coordinatorError)
  }

  close(): void {
    for (const { line } of this.#consumers.values()) line.close()
  }

  /** After a restart of the broker. */
  reconnect(): void {
    for (const [number, known] of this.#consumers) {
      known.line.close()
      this.#consumers.set(number, { ...known, line: this.#target.connect() })
    }
  }

  async step(step: ConsumerStep): Promise<string> {
    switch (step.do) {
      case 'subscribe':
        return this.#subscribe(step)
      case 'report': {
        const known = this.#consumer(step.consumer)
        const owned = { silent: null, told: known.told, all: this.#partitions, none: [] }[step.owned]
        const topicPartitions = owned === null ? null : await this.#owned(owned)
        const full =
          step.full && known.to === 'topic'
            ? { rebalanceTimeoutMs: REBALANCE_MS, subscribedTopicNames: [this.#topic] }
            : {}
        return this.#beat(known, step.version, {
          memberEpoch: shifted(known.epoch, step.epoch),
          topicPartitions,
          ...full,
        })
      }
      case 'unsubscribe': {
        const known = this.#consumer(step.consumer)
        return this.#beat(known, step.version, { memberEpoch: step.away ? -2 : -1 })
      }
      case 'consumer-commit': {
        const known = step.consumer === null ? null : this.#consumer(step.consumer)
        const partitions = [{ partitionIndex: 0, committedOffset: 3n, committedMetadata: null }]
        const body = {
          groupId: this.#group,
          generationIdOrMemberEpoch: known === null ? -1 : shifted(known.epoch, step.epoch),
          memberId: known?.memberId ?? '',
          topics: [{ name: this.#topic, partitions }],
        }
        return deepError(await this.#ask('OffsetCommit', step.version, body))
      }
      case 'consumer-offsets': {
        const known = step.consumer === null ? null : this.#consumer(step.consumer)
        const group = {
          groupId: this.#group,
          memberId: known?.memberId ?? null,
          memberEpoch: known === null ? -1 : shifted(known.epoch, step.epoch),
          topics: [{ name: this.#topic, partitionIndexes: [0] }],
        }
        const answer = await this.#ask('OffsetFetch', 9, { groups: [group], requireStable: false })
        const offset =
          'failed' in answer ? undefined : answer.groups[0]?.topics[0]?.partitions[0]?.committedOffset
        return `${deepError(answer)} ${offset === undefined ? 'nothing' : `"committedOffset":"${offset}"`}`
      }
      case 'describe-consumers':
        return this.#describe(step.version)
    }
  }

  async #subscribe(step: Extract<ConsumerStep, { do: 'subscribe' }>): Promise<string> {
    const known = this.#consumer(step.consumer)
    known.instance = step.instance === null ? null : `i${step.instance}`
    known.to = step.to === 'topic' ? 'topic' : step.to === 'pattern' ? 'pattern' : 'other'
    const pattern = { pattern: `${this.#topic}.*`, 'broken pattern': `${this.#topic}(` }
    const seen = await this.#beat(known, step.version, {
      memberEpoch: 0,
      rebalanceTimeoutMs: REBALANCE_MS,
      topicPartitions: [],
      serverAssignor: step.assignor,
      subscribedTopicNames:
        step.to === 'topic'
          ? [this.#topic]
          : step.to === 'missing'
            ? ['missing']
            : step.to === 'nothing'
              ? []
              : null,
      ...(step.to === 'pattern' || step.to === 'broken pattern'
        ? { subscribedTopicRegex: pattern[step.to] }
        : {}),
    })
    // Patterns are resolved aside.
    if (known.to === 'pattern') await this.#target.wait(RESOLVED_MS)
    return seen
  }

  /** A topic of its own, with more partitions than members. */
  async prepare(): Promise<void> {
    if (this.#countsOnly) return this.#target.wait(HEARD_MS)
    const topics = [
      {
        name: this.#topic,
        numPartitions: this.#partitions.length,
        replicationFactor: 1,
        assignments: [],
        configs: [],
      },
    ]
    await this.#ask('CreateTopics', 2, { topics, timeoutMs: 5_000 })
    // Every partition has a leader that serves it.
    for (const index of this.#partitions) {
      for (let left = CREATED_TRIES; left > 0 && (await this.#listed(index)) !== 'NONE'; left -= 1)
        await this.#target.wait(CREATED_MS)
    }
    await this.#target.wait(HEARD_MS)
  }

  async #listed(partitionIndex: number): Promise<string> {
    const partitions = [{ partitionIndex, currentLeaderEpoch: -1, timestamp: -1n, maxNumOffsets: 1 }]
    const topics = [{ name: this.#topic, partitions }]
    return deepError(await this.#ask('ListOffsets', 2, { replicaId: -1, isolationLevel: 0, topics }))
  }

  #shown(partitions: readonly number[]): string {
    return this.#countsOnly ? `${partitions.length} partitions` : `[${partitions}]`
  }

  #consumer(number: number): ScriptConsumer {
    const known = this.#consumers.get(number)
    if (known !== undefined) return known
    const made: ScriptConsumer = {
      line: this.#target.connect(),
      memberId: `${this.#group}-member-${number}`,
      instance: null,
      epoch: 0,
      told: [],
      to: 'other',
    }
    this.#consumers.set(number, made)
    return made
  }

  async #owned(
    partitions: readonly number[],
  ): Promise<RequestBody<'ConsumerGroupHeartbeat'>['topicPartitions']> {
    if (partitions.length === 0) return []
    if (this.#topicId === null) {
      const topics = [{ topicId: '0'.repeat(32), name: this.#topic }]
      const answer = await this.#ask('Metadata', 12, { topics, allowAutoTopicCreation: false })
      this.#topicId = answered(answer).topics[0]?.topicId ?? null
    }
    return [{ topicId: this.#topicId ?? '', partitions }]
  }

  async #beat(
    known: ScriptConsumer,
    version: number,
    body: RequestDraft<'ConsumerGroupHeartbeat'>,
  ): Promise<string> {
    const answer = await this.#ask(
      'ConsumerGroupHeartbeat',
      version,
      { groupId: this.#group, memberId: known.memberId, instanceId: known.instance, ...body },
      known.line,
    )
    if ('failed' in answer) return answer.failed
    const error = errorName(answer.errorCode)
    if (error !== 'NONE') return error
    const { memberEpoch, assignment, heartbeatIntervalMs } = answer
    known.epoch = memberEpoch
    if (assignment !== null) known.told = partitionsOf(assignment)
    const told = assignment === null ? 'nothing new' : this.#shown(known.told)
    return `epoch ${memberEpoch}, ${told}, every ${heartbeatIntervalMs} ms`
  }

  async #describe(version: number): Promise<string> {
    const answer = await this.#ask('ConsumerGroupDescribe', version, { groupIds: [this.#group] })
    const group = 'failed' in answer ? undefined : answer.groups[0]
    if (group === undefined) throw new Error('the group is not in the answer')
    const error = errorName(group.errorCode)
    if (error !== 'NONE') return error
    const members = group.members.map((member) => this.#shownMember(member)).sort()
    const { groupState, groupEpoch, assignmentEpoch, assignorName } = group
    return `${groupState} ${groupEpoch}/${assignmentEpoch} ${assignorName}: ${members.join('; ')}`
  }

  #shownMember(member: AnswerBody<'ConsumerGroupDescribe'>['groups'][number]['members'][number]): string {
    const { memberId, memberEpoch, instanceId, assignment, targetAssignment, memberType } = member
    const name = memberId.startsWith(this.#group) ? memberId.slice(-1) : 'classic'
    const owns = this.#shown(partitionsOf(assignment))
    const target = this.#shown(partitionsOf(targetAssignment))
    return `${name}@${memberEpoch} ${instanceId} ${owns} to ${target} type ${memberType}`
  }
}

function partitionsOf({
  topicPartitions,
}: {
  readonly topicPartitions: readonly { readonly partitions: readonly number[] }[]
}): number[] {
  return topicPartitions.flatMap(({ partitions }) => partitions).sort((one, other) => one - other)
}

function shifted(epoch: number, by: 'own' | 'older' | 'newer'): number {
  if (by === 'own') return epoch
  return by === 'older' ? Math.max(-1, epoch - 1) : epoch + 1
}
