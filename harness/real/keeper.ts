import { setTimeout as sleep } from 'node:timers/promises'
import type { InARow } from '../core/faults/times.ts'
import type { HistoryEvent, Observation, RequestPhase } from '../core/history.ts'
import { brokerName, linkName, requestName } from '../core/names.ts'
import {
  type AnswerBody,
  type Body,
  errorName,
  type RequestAction,
  type RequestToEncode,
} from '../kafka/index.ts'
import { Armed } from '../run/armed.ts'
import type { Holds } from '../run/port.ts'
import type { Busy } from './busy.ts'
import type { Conductor } from './conductor.ts'
import type { SimulatedDraws } from './draws.ts'
import { type Address, type Exchange, type Gatekeeper, isOf } from './gate/exchange.ts'
import { TransactionalIds } from './gate/transactional-ids.ts'
import type { HeldSessions } from './held-sessions.ts'
import type { Learner } from './learn/learner.ts'
import { acknowledgedItem, receivedItem } from './order.ts'
import type { RealProcess } from './processes/process.ts'
import type { Links } from './toxiproxy/links.ts'

const PROCEED: RequestAction = { kind: 'proceed' }
const LOSE: RequestAction = { kind: 'lose' }

export interface KeeperOptions {
  /** Set before the transactional ids of this try. */
  readonly prefix: string
  readonly busy: Busy
  readonly links: Links
  readonly holds: Holds
  readonly learner: Learner
  readonly conductor: Conductor
  readonly sessions: HeldSessions
  readonly draws: SimulatedDraws
  /** Sessions of classic groups last no longer than this; null: as the clients ask. */
  readonly sessionMsMax: number | null
  observe(observation: Observation): void
  process(name: string): RealProcess | null
  failed(error: unknown): void
  /** Lets an answer have its consequences, before it goes on. */
  follow(exchange: Exchange): void
}

/** Names what passes the gates, records it, lets faults act on it, and holds it until its turn. */
export class Keeper implements Gatekeeper {
  readonly #options: KeeperOptions
  readonly #transactionalIds: TransactionalIds
  readonly #ordinals: Map<string, number> = new Map()
  readonly #armed: Armed<RequestAction> = new Armed()
  /**
   * Throttle time of a process at a broker, and until when its next request is within its quota.
   */
  readonly #throttled: Map<string, { readonly throttleMs: number; nextMs: number }> = new Map()

  constructor(options: KeeperOptions) {
    this.#options = options
    this.#transactionalIds = new TransactionalIds(options.prefix)
  }

  arm(request: string, action: RequestAction, times?: InARow): void {
    this.#armed.arm(request, action, times)
  }

  observe(event: HistoryEvent): void {
    this.#armed.observe(event)
  }

  /** Drops what is armed. */
  heal(): void {
    this.#armed.heal()
  }

  throttle({ process, broker }: { process: string; broker: number }, throttleMs: number | null): void {
    const name = linkName({ from: process, to: brokerName(broker), oneWay: false })
    if (throttleMs === null) this.#throttled.delete(name)
    else this.#throttled.set(name, { throttleMs, nextMs: 0 })
  }

  incarnationOf(process: string): number {
    return this.#options.process(process)?.incarnation ?? 0
  }

  ordinalOf(process: string, api: string): number {
    const name = `${process} ${api}`
    const next = (this.#ordinals.get(name) ?? 0) + 1
    this.#ordinals.set(name, next)
    return next
  }

  failed(error: unknown): void {
    this.#options.failed(error)
  }

  addressOf(process: string, broker: number): Address {
    return { host: '127.0.0.1', port: this.#options.links.portOf(process, broker) }
  }

  amended(exchange: Exchange): Body | null {
    const { sessionMsMax, draws, learner } = this.#options
    if (isOf(exchange, 'Fetch') && exchange.request !== null)
      return draws.fetchOrder.amended(exchange.request, exchange, ({ topic, topicId }) =>
        learner.logs.nameOf(topic, topicId),
      )
    if (isOf(exchange, 'SyncGroup') && exchange.request !== null) {
      const { request } = exchange
      return draws.assignments.amended(request, learner.groups.generationIn(request.groupId))
    }
    if (!isOf(exchange, 'JoinGroup')) return this.#transactionalIds.asked(exchange)
    if (exchange.request === null || sessionMsMax === null) return null
    const sessionTimeoutMs = Math.min(exchange.request.sessionTimeoutMs, sessionMsMax)
    return { ...exchange.request, sessionTimeoutMs }
  }

  retracted(exchange: Exchange): RequestToEncode<'LeaveGroup'> | null {
    if (!isOf(exchange, 'JoinGroup') || exchange.request === null || exchange.answer === null) return null
    const { request, answer, process, incarnation } = exchange
    if (errorName(answer.errorCode) !== 'MEMBER_ID_REQUIRED') return null
    const { groupId: group } = request
    const { memberId } = answer
    if (!this.#options.draws.memberIds.isDrawnAgain({ group, memberId, process, incarnation })) return null
    // Versions before 3 name the member alone, and every broker knows them.
    const body = { groupId: group, memberId }
    return { api: 'LeaveGroup', version: 2, correlationId: 0, clientId: null, body }
  }

  sought(answer: AnswerBody<'FindCoordinator'>): AnswerBody<'FindCoordinator'>['coordinators'] {
    return this.#transactionalIds.coordinators(answer)
  }

  sent(exchange: Exchange): void {
    this.#options.learner.sent(exchange)
    this.#phase(exchange, 'sent')
  }

  async received(exchange: Exchange): Promise<RequestAction> {
    const { busy, links, holds, conductor } = this.#options
    const { process, broker } = exchange
    const name = requestName(exchange)
    const heldUs = holds.any ? holds.take(`${name} sent`) : 0
    if (heldUs > 0) await sleep(heldUs / 1000)
    await busy.done()
    // Bytes that were on their way when the link failed are on their way still.
    await links.passable(process, brokerName(broker))
    if (exchange.dropped) return LOSE
    const item = receivedItem(exchange)
    if (item !== null) await conductor.turn(item)
    await busy.done()
    this.#phase(exchange, 'received')
    await busy.done()
    await this.#withinQuota(exchange)
    return this.#armed.take(name) ?? PROCEED
  }

  async applied(exchange: Exchange): Promise<boolean> {
    const { busy, learner, sessions } = this.#options
    await busy.done()
    const error = learner.applied(exchange, exchange.injected === true)
    exchange.error = error
    if (error === null && exchange.injected !== true) sessions.heard(exchange)
    this.#options.follow(exchange)
    await busy.done()
    this.#phase(exchange, 'applied', error)
    await busy.done()
    return this.#lives(exchange)
  }

  async leaves(exchange: Exchange): Promise<boolean> {
    const { busy, holds, conductor } = this.#options
    const heldUs = holds.any ? holds.take(`${requestName(exchange)} applied`) : 0
    if (heldUs > 0) await sleep(heldUs / 1000)
    const item = acknowledgedItem(exchange)
    if (item !== null) await conductor.turn(item)
    await busy.done()
    return this.#lives(exchange)
  }

  ended(exchange: Exchange, outcome: 'acknowledged' | 'lost'): void {
    this.#phase(exchange, outcome, outcome === 'acknowledged' ? exchange.error : null)
    this.#options.learner.ended(exchange, outcome)
  }

  /** A client over its quota waits, and all that follows on its connection. */
  async #withinQuota({ process, broker }: Exchange): Promise<void> {
    const quota = this.#throttled.get(linkName({ from: process, to: brokerName(broker), oneWay: false }))
    if (quota === undefined) return
    const nowMs = performance.now()
    const waitMs = Math.max(0, quota.nextMs - nowMs)
    quota.nextMs = Math.max(nowMs, quota.nextMs) + quota.throttleMs
    if (waitMs > 0) await sleep(waitMs)
  }

  #lives({ process, incarnation }: Exchange): boolean {
    return this.#options.process(process)?.isAlive(incarnation) === true
  }

  #phase(exchange: Exchange, phase: RequestPhase, error: string | null = null): void {
    const { api, ordinal, broker, process, incarnation } = exchange
    this.#options.observe({
      kind: 'request',
      phase,
      api,
      ordinal,
      broker: brokerName(broker),
      error,
      process,
      incarnation,
    })
  }
}
