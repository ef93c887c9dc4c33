import type { ApiName, RequestDraft } from '../../kafka/index.ts'
import { ask, type Line, NOT_NOW, type ProbeAnswer, patiently } from '../../kafka/probe/index.ts'
import { deepError, type Table } from './answers.ts'
import type { Target } from './target.ts'

/** After this long a coordinator has done its work behind an answer (markers, expiries). */
export const SETTLE_MS = 1_000
const PAUSE_MS = 100
const TRIES = 41

/** A topic of an answer, as far as it says which one it is. */
interface NamedTopic {
  readonly name?: string | null
  readonly topicId?: string
}

/** One script on one cluster: the names that it has there, its connection, and how it asks. */
export class ScriptRun {
  readonly target: Target
  readonly topic: string
  readonly group: string
  readonly clientId: string
  /** Names of the ids that the cluster chose. */
  readonly ids: Table = { ids: new Map() }
  /** A member's share depends on random ids: only the number of its partitions is shown. */
  readonly countsOnly: boolean
  /** Records are of today, for a broker deletes what is a week old. */
  readonly startedMs: bigint
  /** The id of the script's topic, once an answer has told it. */
  topicId = '0'.repeat(32)
  #line: Line

  constructor(target: Target, name: string, countsOnly: boolean) {
    this.startedMs = BigInt(target.nowMs())
    this.target = target
    this.clientId = `c-${name}`
    this.topic = `t-${name}`
    this.group = `g-${name}`
    this.countsOnly = countsOnly
    this.#line = this.connect()
  }

  connect(): Line {
    return this.target.connect(this.clientId)
  }

  reconnect(): void {
    this.#line.close()
    this.#line = this.connect()
  }

  close(): void {
    this.#line.close()
  }

  /**
   * Asks on this connection, or on the script's own, which is opened again where there is no
   * answer.
   */
  async ask<Api extends ApiName>(
    api: Api,
    version: number,
    body: RequestDraft<Api>,
    on?: Line,
  ): Promise<ProbeAnswer<Api>> {
    const answer = await ask({ line: on ?? this.#line, waiter: this.target }, api, version, body)
    if ('failed' in answer && on === undefined) this.reconnect()
    return answer
  }

  /** Asks again while the cluster says: not now. */
  patiently<T>(attempt: () => Promise<T>, errorOf: (answer: T) => string): Promise<T> {
    const isNotNow = (answer: T): boolean => NOT_NOW.has(errorOf(answer))
    return patiently(this.target, attempt, { isNotNow, pauseMs: PAUSE_MS, tries: TRIES })
  }

  /** Keeps the id of the script's topic, where an answer has it. */
  learn(answer: object): void {
    if (!('topics' in answer) || !Array.isArray(answer.topics)) return
    const topics: readonly NamedTopic[] = answer.topics
    for (const { name, topicId } of topics)
      if (name === this.topic && topicId !== undefined) this.topicId = topicId
  }
}

/**
 * Waits for a coordinator that loads or is elsewhere; what an answer says of a topic is part of the
 * answer.
 */
export function coordinatorError(answer: object): string {
  const error = deepError(answer)
  return error === 'UNKNOWN_TOPIC_OR_PARTITION' ? 'NONE' : error
}
