import type { HistoryEvent } from '../core/history.ts'
import { recordName } from '../core/names.ts'
import type { ByProcess } from '../core/world-event.ts'
import type { RequestBody } from '../kafka/index.ts'

type Asked = Pick<RequestBody<'Fetch'>, 'topics'>
type FetchedTopic = Asked['topics'][number]

/** An answer that brought records of several partitions. */
interface Brought {
  readonly owner: string
  /** Partitions with the offset from which they were read, in the answer's order. */
  readonly places: readonly string[]
}

/**
 * The order of partitions in each answer of the simulated run. Brokers answer in the order of the
 * request, and clients draw that by chance: where a request can bring the same records again, it
 * asks for them as they came there.
 */
export class FetchOrder {
  readonly #brought: readonly Brought[]

  constructor(events: readonly HistoryEvent[]) {
    this.#brought = broughtIn(events)
  }

  /**
   * The request with its partitions in the order of the simulated run, or null where it had no such
   * answer, or they are in that order already.
   */
  amended<Request extends Asked>(
    request: Request,
    by: ByProcess,
    nameOf: (topic: FetchedTopic) => string,
  ): Request | null {
    const asked = request.topics.flatMap((topic) =>
      topic.partitions.map((each) => ({ topic, each, place: placeOf(nameOf(topic), each) })),
    )
    const there = new Set(asked.map(({ place }) => place))
    const found = this.#brought.find(
      ({ owner, places }) => owner === ownerOf(by) && places.every((place) => there.has(place)),
    )
    if (found === undefined) return null
    const rank = ({ place }: { readonly place: string }): number => {
      const at = found.places.indexOf(place)
      return at < 0 ? found.places.length : at
    }
    const inOrder = asked.toSorted((one, other) => rank(one) - rank(other))
    if (inOrder.every((each, index) => each === asked[index])) return null
    return { ...request, topics: inOrder.reduce<readonly FetchedTopic[]>(joined, []) }
  }
}

/** A topic is named again where others came in between. */
function joined(
  topics: readonly FetchedTopic[],
  { topic, each }: { readonly topic: FetchedTopic; readonly each: FetchedTopic['partitions'][number] },
): readonly FetchedTopic[] {
  const last = topics.at(-1)
  return last !== undefined && last.topic === topic.topic && last.topicId === topic.topicId
    ? [...topics.slice(0, -1), { ...last, partitions: [...last.partitions, each] }]
    : [...topics, { ...topic, partitions: [each] }]
}

function broughtIn(events: readonly HistoryEvent[]): Brought[] {
  const all: Brought[] = []
  const open = new Map<string, string[]>()
  for (const event of events) {
    if (event.kind === 'fetched') {
      const owner = ownerOf(event)
      const places = open.get(owner) ?? []
      open.set(owner, places)
      places.push(placeOf(event.topic, event))
    } else if (event.kind === 'request' && event.api === 'Fetch' && event.phase === 'applied') {
      const owner = ownerOf(event)
      const places = open.get(owner) ?? []
      if (places.length > 1) all.push({ owner, places })
      open.delete(owner)
    }
  }
  return all
}

function placeOf(
  topic: string,
  { partition, fetchOffset }: { readonly partition: number; readonly fetchOffset: bigint },
): string {
  return recordName({ topic, partition, offset: fetchOffset })
}

function ownerOf({ process, incarnation }: ByProcess): string {
  return `${process} ${incarnation}`
}
