import type { ByProcess } from '../core/world-event.ts'
import { type Exchange, isOf } from './gate/exchange.ts'

/** A broker's default for groups of KIP-848, whose members do not ask for one. */
const CONSUMER_SESSION_MS = 45_000
/** Of a session: a member that is let go needs the rest of it to be heard of in time. */
const HELD_SHARE_MAX = 0.5
/** Where the margin has begun already, what is under way may still come. */
const LEAST_MS = 200
/** Shorter holds are of no account, nor is the way of an answer from its broker to the gate. */
const SLIGHT_MS = 500

interface MemberSession {
  readonly process: string
  readonly incarnation: number
  readonly sessionMs: number
  /** When its coordinator last heard of it. */
  renewedMs: number
}

interface TimeHeld {
  readonly process: string
  readonly name: string
  readonly fromMs: number
  /** Infinity: it lasts. */
  toMs: number
}

/**
 * The sessions of members, beside the time for which the replay itself holds up their processes: a
 * real coordinator does not know that a replay waits for its turn. A member that is expelled for
 * that has not been expelled by the schedule, and what is violated afterwards says nothing of it.
 */
export class HeldSessions {
  readonly #nowMs: () => number
  /** No classic session is longer; null: as the clients ask. */
  readonly #sessionMsMax: number | null
  readonly #sessions: Map<string, MemberSession> = new Map()
  readonly #holds: TimeHeld[] = []

  constructor(sessionMsMax: number | null, nowMs: () => number = () => performance.now()) {
    this.#sessionMsMax = sessionMsMax
    this.#nowMs = nowMs
  }

  /** The coordinator has answered without an error. */
  heard(exchange: Exchange): void {
    const heard = memberIn(exchange)
    if (heard === null) return
    const { memberId, sessionMs = this.#sessions.get(memberId)?.sessionMs } = heard
    if (sessionMs === undefined) return
    const { process, incarnation } = exchange
    const renewedMs = this.#nowMs()
    this.#sessions.set(memberId, { process, incarnation, sessionMs: this.#shortened(sessionMs), renewedMs })
  }

  /** How long a step of this process may wait for its turn. */
  patienceMs(process: string | null, mostMs: number): number {
    const nowMs = this.#nowMs()
    let patienceMs = mostMs
    for (const { process: its, renewedMs, sessionMs } of this.#sessions.values()) {
      if (its !== process || nowMs - renewedMs >= sessionMs) continue
      const leftMs = renewedMs + sessionMs * HELD_SHARE_MAX - nowMs
      patienceMs = Math.min(patienceMs, Math.max(LEAST_MS, leftMs))
    }
    return patienceMs
  }

  /** A step of this process waits from now on; returns what ends that. */
  hold(process: string, name: string): () => void {
    const hold = { process, name, fromMs: this.#nowMs(), toMs: Number.POSITIVE_INFINITY }
    this.#holds.push(hold)
    return () => {
      hold.toMs = this.#nowMs()
    }
  }

  /** The incarnation before this one waits for nothing any more. */
  started({ process, incarnation }: ByProcess): void {
    for (const [memberId, session] of this.#sessions)
      if (session.process === process && session.incarnation < incarnation) this.#sessions.delete(memberId)
  }

  /**
   * The coordinator has expelled the member. Why that is the replay's own doing, in one sentence:
   * it would have been heard of in time, had it not been held up; or null.
   */
  expelled(memberId: string): string | null {
    const session = this.#sessions.get(memberId)
    if (session === undefined) return null
    this.#sessions.delete(memberId)
    const { process, renewedMs, sessionMs } = session
    const silentMs = this.#nowMs() - renewedMs
    const held = this.#heldSince(process, renewedMs)
    const longest = held.reduce((one, other) => (other.ms > one.ms ? other : one), { name: '', ms: 0 })
    const heldMs = held.reduce((total, { ms }) => total + ms, 0)
    const expired = silentMs > sessionMs - SLIGHT_MS
    if (!expired || heldMs < SLIGHT_MS || silentMs - heldMs >= sessionMs) return null
    return `${process} was expelled while the replay held '${longest.name}' for ${(longest.ms / 1000).toFixed(1)} s: what came of that does not count`
  }

  #heldSince(process: string, sinceMs: number): { readonly name: string; readonly ms: number }[] {
    const nowMs = this.#nowMs()
    return this.#holds
      .filter((each) => each.process === process && each.toMs > sinceMs)
      .map(({ name, fromMs, toMs }) => ({ name, ms: Math.min(toMs, nowMs) - Math.max(fromMs, sinceMs) }))
  }

  #shortened(sessionMs: number): number {
    return Math.min(sessionMs, this.#sessionMsMax ?? Number.POSITIVE_INFINITY)
  }
}

/** The member that a coordinator has heard of with this, or null. */
function memberIn(exchange: Exchange): { readonly memberId: string; readonly sessionMs?: number } | null {
  if (isOf(exchange, 'JoinGroup') && exchange.request !== null && exchange.answer !== null)
    return { memberId: exchange.answer.memberId, sessionMs: exchange.request.sessionTimeoutMs }
  if (isOf(exchange, 'ConsumerGroupHeartbeat') && exchange.request !== null)
    return {
      memberId: exchange.answer?.memberId ?? exchange.request.memberId,
      sessionMs: CONSUMER_SESSION_MS,
    }
  if (isOf(exchange, 'Heartbeat') || isOf(exchange, 'SyncGroup') || isOf(exchange, 'OffsetCommit'))
    return exchange.request === null ? null : { memberId: exchange.request.memberId }
  return null
}
