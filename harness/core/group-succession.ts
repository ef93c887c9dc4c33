import type { EventOf } from './history.ts'
import { groupBeside, parseTopicInCluster } from './names.ts'

interface Worker {
  /** Its last one. */
  incarnation: number
  /** The groups that it ever worked for. */
  readonly groups: Map<string, ServiceSpan>
  /** Groups whose consumer it stopped, and did not start again. */
  readonly stopped: Set<string>
}

/** A process's work for a group. */
interface ServiceSpan {
  /** The incarnations in which it began and in which it was last seen. */
  readonly since: number
  readonly until: number
  /** Read by the last of them. */
  readonly topics: ReadonlySet<string>
}

/**
 * Groups that their processes have left for good: an app that takes a group of its own at each
 * start, so that each start reads everything, never comes back to the one that it had before.
 */
export class GroupSuccession {
  readonly #workers: Map<string, Worker> = new Map()
  /** Every topic that a group ever read, and every process that worked for it. */
  readonly #groups: Map<string, { readonly topics: Set<string>; readonly processes: Set<string> }> = new Map()

  observe({ process, incarnation, group, topics }: EventOf<'consumer-started'>): void {
    const worker = this.#workers.get(process) ?? {
      incarnation,
      groups: new Map<string, ServiceSpan>(),
      stopped: new Set<string>(),
    }
    worker.incarnation = incarnation
    worker.stopped.delete(group)
    const since = worker.groups.get(group)?.since ?? incarnation
    worker.groups.set(group, { since, until: incarnation, topics: new Set(topics) })
    this.#workers.set(process, worker)
    const entry = this.#groups.get(group) ?? { topics: new Set(), processes: new Set() }
    for (const topic of topics) entry.topics.add(topic)
    entry.processes.add(process)
    this.#groups.set(group, entry)
  }

  /** The app has stopped its consumer of this group. */
  stop({ process, group }: EventOf<'consumer-stopped'>): void {
    this.#workers.get(process)?.stopped.add(group)
  }

  /** Whether its processes have left this group for good. */
  isGivenUp(group: string): boolean {
    if (group === '') return this.#isLeft(group)
    return this.#isReplaced(group) || this.#isMoved(group)
  }

  /** A consumer without a group was there to read something once. */
  #isLeft(group: string): boolean {
    const processes = this.#groups.get(group)?.processes ?? []
    return [...processes].every((process) => {
      const worker = this.#workers.get(process)
      return worker?.stopped.has(group) === true || worker?.groups.get(group)?.until !== worker?.incarnation
    })
  }

  /**
   * Whether each process that worked for this group has stopped it, and reads its topics in the
   * group of its name in another cluster.
   */
  #isMoved(group: string): boolean {
    const entry = this.#groups.get(group)
    if (entry === undefined) return false
    return [...entry.processes].every((process) => {
      const worker = this.#workers.get(process)
      const left = worker?.groups.get(group)
      if (worker === undefined || left === undefined) return false
      if (left.until === worker.incarnation && !worker.stopped.has(group)) return false
      const read = [...worker.groups].flatMap(([other, { until, topics }]) =>
        until === worker.incarnation && !worker.stopped.has(other) ? [{ other, topics }] : [],
      )
      return [...entry.topics].every((topic) => read.some((each) => isMovedTo(each, { group, topic })))
    })
  }

  /**
   * Whether each process that worked for this group has started again since, and now reads all its
   * topics in groups that it took up later. One that it had beside this one takes no place.
   */
  #isReplaced(group: string): boolean {
    const entry = this.#groups.get(group)
    if (entry === undefined) return false
    return [...entry.processes].every((process) => {
      const worker = this.#workers.get(process)
      const left = worker?.groups.get(group)
      if (worker === undefined || left === undefined || left.until === worker.incarnation) return false
      const successors = [...worker.groups.values()].filter(
        ({ since, until }) => since > left.until && until === worker.incarnation,
      )
      return [...entry.topics].every((topic) => successors.some(({ topics }) => topics.has(topic)))
    })
  }
}

/** Whether this group reads the topic of that name in another cluster, and has the other's name. */
function isMovedTo(
  { other, topics }: { readonly other: string; readonly topics: ReadonlySet<string> },
  { group, topic }: { readonly group: string; readonly topic: string },
): boolean {
  const left = parseTopicInCluster(topic)
  return [...topics].some((each) => {
    const read = parseTopicInCluster(each)
    return read.cluster !== left.cluster && read.name === left.name && groupBeside(group, each) === other
  })
}
