import type { Observation } from '../../core/history.ts'
import { type Body, errorName, isBody } from '../../kafka/index.ts'
import { type Exchange, isOf } from '../gate/exchange.ts'
import { Commits } from './commits.ts'
import { LearntGroups } from './groups.ts'
import { LearntLogs } from './logs.ts'
import { LearntTransactions } from './transactions.ts'

export interface LearnerOptions {
  observe(observation: Observation): void
  /** The name of a topic id. */
  topicName(id: string): string | undefined
}

/** Turns answers at the gates into observations of the history. */
export class Learner {
  readonly groups: LearntGroups
  readonly logs: LearntLogs
  readonly transactions: LearntTransactions
  readonly #commits: Commits

  constructor({ observe, topicName }: LearnerOptions) {
    this.groups = new LearntGroups({ observe, topicName })
    this.logs = new LearntLogs({ observe, topicName })
    this.transactions = new LearntTransactions(observe)
    this.#commits = new Commits({ observe, groups: this.groups })
  }

  /** Commits that were sent and whose answer is not yet there. */
  get commitsUnderway(): number {
    return this.#commits.underway
  }

  /** The request is on its way. */
  sent(exchange: Exchange): void {
    this.#commits.sent(exchange)
  }

  /** @returns the first error in the answer, by Kafka's name, or null */
  applied(exchange: Exchange, injected: boolean): string | null {
    const { answer } = exchange
    if (answer === null) return null
    const code = firstError(answer)
    const error = code === 0 ? null : errorName(code)
    if (injected) {
      this.#commits.refused(exchange)
      return error
    }
    this.#commits.applied(exchange)
    if (isOf(exchange, 'Produce')) this.logs.produced(exchange)
    if (isOf(exchange, 'Fetch')) this.logs.fetched(exchange)
    if (error === null) this.transactions.applied(exchange)
    this.groups.applied(exchange, error)
    return error
  }

  /** The topic is gone, with its records and with what was committed for it. */
  topicDeleted(topic: string): void {
    this.logs.deleted(topic)
    this.#commits.topicDeleted(topic)
  }

  groupDeleted(group: string): void {
    this.#commits.groupDeleted(group)
  }

  /** Its answer has reached the process, or never will. */
  ended(exchange: Exchange, outcome: 'acknowledged' | 'lost'): void {
    this.#commits.ended(exchange, outcome)
  }
}

/** The first error code in an answer, wherever it stands, or 0. */
function firstError(body: Body): number {
  const { errorCode, partitionErrorCode } = body
  for (const code of [errorCode, partitionErrorCode]) if (typeof code === 'number' && code !== 0) return code
  for (const value of Object.values(body)) {
    if (!Array.isArray(value)) continue
    for (const each of value) {
      if (!isBody(each)) break
      const code = firstError(each)
      if (code !== 0) return code
    }
  }
  return 0
}
