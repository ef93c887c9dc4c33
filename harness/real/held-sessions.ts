import type { EventOf, HistoryEvent } from '../core/history.ts'
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

/** An expulsion of the simulated run: the schedule's own. */
interface PlannedExpulsion extends ByProcess {
  /** Faults that had begun by then, by their places in the schedule. */
  readonly faults: ReadonlySet<number>
}

interface HeldSessionsOptions {
  /** No classic session is longer; null: as the clients ask. */
  readonly sessionMsMax: number | null
  /** Of the simulated run. */
  readonly simulated: readonly HistoryEvent[]
  readonly nowMs?: () => number
}

/**
 * The sessions of members, beside the time for which the replay itself holds up their processes: a
 * real coordinator does not know that a replay waits for its turn. A member that is expelled for
 * that, and is not in the simulated run, has not been expelled by the schedule, and what is
 * violated afterwards says nothing of it.
 */
export class HeldSessions {
  readonly #nowMs: () => number
  readonly #sessionMsMax: number | null
  readonly #planned: PlannedExpulsion[]
  /** Faults of the schedule, by their places in it. */
  readonly #begun: Set<number> = new Set()
  /** That is running, or was the last to. */
  readonly #incarnations: Map<string, number> = new Map()
  readonly #sessions: Map<string, MemberSession> = new Map()
  readonly #holds: TimeHeld[] = []

  constructor({ sessionMsMax, simulated, nowMs = () => performance.now() }: HeldSessionsOptions) {
    this.#sessionMsMax = sessionMsMax
    this.#planned = plannedIn(simulated)
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

  /** A fault has begun or ended. */
  faulted({ index }: Pick<EventOf<'fault'>, 'index'>): void {
    this.#begun.add(index)
  }

  /** How long a step of this process may wait for its turn. */
  patienceMs(process: string | null, mostMs: number): number {
    if (process === null) return mostMs
    const incarnation = this.#incarnations.get(process) ?? 1
    if (this.#plan({ process, incarnation }) !== null) return mostMs
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

  started({ process, incarnation }: ByProcess): void {
    this.#incarnations.set(process, incarnation)
    this.ended({ process })
  }

  /** An incarnation that is over waits for nothing any more. */
  ended({ process }: Pick<ByProcess, 'process'>): void {
    for (const [memberId, session] of this.#sessions)
      if (session.process === process) this.#sessions.delete(memberId)
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
    const plan = this.#plan(session)
    if (plan !== null) {
      this.#planned.splice(this.#planned.indexOf(plan), 1)
      return null
    }
    const silentMs = this.#nowMs() - renewedMs
    const held = this.#heldSince(process, renewedMs)
    const [longest] = held.toSorted((one, other) => msOf(other) - msOf(one))
    const heldMs = lengthOf(held)
    const expired = silentMs > sessionMs - SLIGHT_MS
    if (longest === undefined || !expired || heldMs < SLIGHT_MS || silentMs - heldMs >= sessionMs) return null
    return `${process} was expelled while the replay held '${longest.name}' for ${(msOf(longest) / 1000).toFixed(1)} s: what came of that does not count`
  }

  /** The next expulsion of this process that the schedule brings about as it stands, or null. */
  #plan({ process, incarnation }: ByProcess): PlannedExpulsion | null {
    const next = this.#planned.find((each) => each.process === process && each.incarnation === incarnation)
    return next !== undefined && [...next.faults].every((index) => this.#begun.has(index)) ? next : null
  }

  #heldSince(process: string, sinceMs: number): TimeHeld[] {
    const nowMs = this.#nowMs()
    return this.#holds
      .filter((each) => each.process === process && each.toMs > sinceMs)
      .map((each) => ({
        ...each,
        fromMs: Math.max(each.fromMs, sinceMs),
        toMs: Math.min(each.toMs, nowMs),
      }))
  }

  #shortened(sessionMs: number): number {
    return Math.min(sessionMs, this.#sessionMsMax ?? Number.POSITIVE_INFINITY)
  }
}

function plannedIn(simulated: readonly HistoryEvent[]): PlannedExpulsion[] {
  const planned: PlannedExpulsion[] = []
  const faults = new Set<number>()
  for (const event of simulated) {
    if (event.kind === 'fault') faults.add(event.index)
    // On a real cluster nobody is told why a member is no longer there.
    if (event.kind !== 'member-removed' || event.reason === 'left' || event.reason === 'fenced') continue
    const { process, incarnation } = event
    planned.push({ process, incarnation, faults: new Set(faults) })
  }
  return planned
}

function msOf({ fromMs, toMs }: TimeHeld): number {
  return toMs - fromMs
}

/** How long any of them lasted: a process whose partitions wait at once is held once. */
function lengthOf(holds: readonly TimeHeld[]): number {
  let [lengthMs, untilMs] = [0, Number.NEGATIVE_INFINITY]
  for (const { fromMs, toMs } of holds.toSorted((one, other) => one.fromMs - other.fromMs)) {
    lengthMs += Math.max(0, toMs - Math.max(fromMs, untilMs))
    untilMs = Math.max(untilMs, toMs)
  }
  return lengthMs
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
