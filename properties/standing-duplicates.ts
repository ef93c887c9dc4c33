import type { EventOf, RecordPosition } from '../harness/core/history.ts'
import { recordName } from '../harness/core/names.ts'
import type { Finding } from '../harness/core/verdict.ts'
import { type SeenFinding, seen } from './finding.ts'

/** An effect that stands there, and the finding that it is if it is a second one at the end. */
interface StandingEffect {
  readonly effect: EventOf<'effect'>
  readonly finding: SeenFinding | null
}

/** Facts about an effect, for the case that it is a second one. */
interface AboutSecond {
  readonly firstDelivery: number | null
  /** Whether a fault can have brought it about. */
  explained(first: EventOf<'effect'>): boolean
}

/**
 * Effects that stand in a service, for each group and record. What counts is what stands there when
 * all has come to rest: a second row that the app took away again was no duplicate.
 */
export class StandingDuplicates {
  readonly #records: Map<string, StandingEffect[]> = new Map()

  /** @param about asked where it is a second one */
  add(group: string, effect: EventOf<'effect'>, about: AboutSecond): void {
    const key = keyOf(group, effect)
    const standing = this.#records.get(key) ?? []
    const [first] = standing
    const finding = first === undefined ? null : findingOf(first.effect, effect, about)
    this.#records.set(key, [...standing, { effect, finding }])
  }

  /** Of several the last one is gone: which rows are the same does not show. */
  remove(group: string, record: RecordPosition): null {
    this.#records.get(keyOf(group, record))?.pop()
    return null
  }

  /** The first second effect of each record. */
  findings(): readonly Finding[] {
    return [...this.#records.values()].flatMap((standing) =>
      standing.slice(1, 2).flatMap(({ finding }) => (finding === null ? [] : [finding])),
    )
  }
}

function findingOf(
  first: EventOf<'effect'>,
  second: EventOf<'effect'>,
  { firstDelivery, explained }: AboutSecond,
): SeenFinding {
  const name = recordName(second)
  const who = [first, second].map(({ call, process }) => call ?? process)
  return seen(
    'duplicate-effect',
    `${name} stands twice in ${second.label}: by ${who[0]}, and again by ${who[1]}`,
    {
      events: [firstDelivery ?? undefined, first.seq, second.seq],
      about: { records: [name], processes: [first.process, second.process] },
      explained: explained(first),
    },
  )
}

function keyOf(group: string, record: RecordPosition): string {
  return `${group} ${recordName(record)}`
}
