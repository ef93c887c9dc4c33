import type { HistoryEvent } from '../core/history.ts'
import { incarnationName } from '../core/names.ts'
import type { ByProcess } from '../core/world-event.ts'
import { hashMapBucket, inHashMapOrder } from '../kafka/index.ts'

/** About every second draw will do. */
const DRAWS_MAX = 50
/** The first id of a group leaves room before it and behind it. */
const MIDDLE = { from: 4, to: 11 } as const

interface PromisedMember extends ByProcess {
  readonly group: string
  readonly memberId: string
}

/** An id of the simulated run, and the one in its place. */
interface PairOfIds {
  readonly simulated: string
  readonly drawn: string
}

/**
 * The member ids of the simulated run. Brokers draw them at random, and where the leader of a group
 * goes, the member leads whose id comes first in a map of Java's: in a group in which others were
 * left then, an id that does not stand to those before it as in the simulated run is drawn again.
 */
export class MemberIds {
  /** Of each incarnation in a group, those that it still joins with. */
  readonly #coming: Map<string, string[]> = new Map()
  readonly #draws: Map<string, number> = new Map()
  /** Of each group, in the order in which they came. */
  readonly #pairs: Map<string, PairOfIds[]> = new Map()

  constructor(events: readonly HistoryEvent[]) {
    const groups = groupsWithSuccession(events)
    for (const event of events) {
      if (event.kind !== 'member-joined' || event.rejoin || !groups.has(event.group)) continue
      const key = keyOf(event)
      this.#coming.set(key, [...(this.#coming.get(key) ?? []), event.memberId])
    }
  }

  /** Whether the coordinator is to be asked for another id than this one. */
  isDrawnAgain(promised: PromisedMember): boolean {
    const key = keyOf(promised)
    const [simulated, ...later] = this.#coming.get(key) ?? []
    if (simulated === undefined) return false
    const draws = (this.#draws.get(key) ?? 0) + 1
    this.#draws.set(key, draws)
    const pair = { simulated, drawn: promised.memberId }
    const before = this.#pairs.get(promised.group) ?? []
    if (!stands(pair, before) && draws < DRAWS_MAX) return true
    this.#coming.set(key, later)
    this.#pairs.set(promised.group, [...before, pair])
    this.#draws.delete(key)
    return false
  }
}

/** Groups that lost a member while two others stayed or came. */
function groupsWithSuccession(events: readonly HistoryEvent[]): ReadonlySet<string> {
  const lost = new Set<string>()
  const found = new Set<string>()
  for (const event of events) {
    if (event.kind === 'member-removed') lost.add(event.group)
    if (event.kind !== 'generation') continue
    if (lost.has(event.group) && event.members.length > 1) found.add(event.group)
    lost.delete(event.group)
  }
  return found
}

function stands(pair: PairOfIds, before: readonly PairOfIds[]): boolean {
  const bucket = hashMapBucket(pair.drawn)
  if (before.length === 0) return bucket >= MIDDLE.from && bucket <= MIDDLE.to
  return before.every(
    ({ simulated, drawn }) =>
      (inHashMapOrder([simulated, pair.simulated])[0] === simulated) ===
      (inHashMapOrder([drawn, pair.drawn])[0] === drawn),
  )
}

function keyOf(member: ByProcess & { readonly group: string }): string {
  return `${incarnationName(member)}\0${member.group}`
}
