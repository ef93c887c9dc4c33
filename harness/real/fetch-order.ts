import type { HistoryEvent } from '../core/history.ts'
import { incarnationName, recordName } from '../core/names.ts'
import type { ByProcess } from '../core/world-event.ts'
import type { RequestBody } from '../kafka/index.ts'

type RequestedTopics = Pick<RequestBody<'Fetch'>, 'topics'>
type RequestedTopic = RequestedTopics['topics'][number]

/** The partitions of an answer, each with the offset from which it was read, in its order. */
type AnswerOrder = readonly string[]

/**
 * The order of partitions in each answer of the simulated run. Brokers answer in the order of the
 * request, and clients draw that by chance: where a request can bring the same records again, it
 * asks for them as they came there.
 */
export class FetchOrder {
  /** By incarnation, of answers that brought records of several partitions. */
  readonly #orders: ReadonlyMap<string, readonly AnswerOrder[]>

  constructor(events: readonly HistoryEvent[]) {
    this.#orders = ordersIn(events)
  }

  /**
   * The request with its partitions in the order of the simulated run, or null where it had no such
   * answer, or they are in that order already.
   */
  amended<Request extends RequestedTopics>(
    request: Request,
    by: ByProcess,
    nameOf: (topic: RequestedTopic) => string,
  ): Request | null {
    const orders = this.#orders.get(incarnationName(by))
    if (orders === undefined) return null
    const asked = request.topics.flatMap((topic) =>
      topic.partitions.map((each) => ({ topic, each, place: placeOf(nameOf(topic), each) })),
    )
    const there = new Set(asked.map(({ place }) => place))
    const order = orders.find((places) => places.every((place) => there.has(place)))
    if (order === undefined) return null
    const rank = ({ place }: { readonly place: string }): number => {
      const at = order.indexOf(place)
      return at < 0 ? order.length : at
    }
    const inOrder = asked.toSorted((one, other) => rank(one) - rank(other))
    if (inOrder.every((each, index) => each === asked[index])) return null
    return { ...request, topics: inOrder.reduce<readonly RequestedTopic[]>(joined, []) }
  }
}

/** A topic is named again where others came in between. */
function joined(
  topics: readonly RequestedTopic[],
  { topic, each }: { readonly topic: RequestedTopic; readonly each: RequestedTopic['partitions'][number] },
): readonly RequestedTopic[] {
  const last = topics.at(-1)
  return last !== undefined && last.topic === topic.topic && last.topicId === topic.topicId
    ? [...topics.slice(0, -1), { ...last, partitions: [...last.partitions, each] }]
    : [...topics, { ...topic, partitions: [each] }]
}

function ordersIn(events: readonly HistoryEvent[]): ReadonlyMap<string, readonly AnswerOrder[]> {
  const orders = new Map<string, AnswerOrder[]>()
  const open = new Map<string, string[]>()
  for (const event of events) {
    if (event.kind === 'fetched') {
      const by = incarnationName(event)
      const places = open.get(by) ?? []
      open.set(by, places)
      places.push(placeOf(event.topic, event))
    } else if (event.kind === 'request' && event.api === 'Fetch' && event.phase === 'applied') {
      const by = incarnationName(event)
      const places = open.get(by) ?? []
      if (places.length > 1) orders.set(by, [...(orders.get(by) ?? []), places])
      open.delete(by)
    }
  }
  return orders
}

function placeOf(
  topic: string,
  { partition, fetchOffset }: { readonly partition: number; readonly fetchOffset: bigint },
): string {
  return recordName({ topic, partition, offset: fetchOffset })
}
