import type { EventOf } from './history.ts'

interface Worker {
  incarnation: number
  /** The groups that this incarnation works for, and their topics. */
  readonly groups: Map<string, ReadonlySet<string>>
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
    const known = this.#workers.get(process)
    const worker = known?.incarnation === incarnation ? known : { incarnation, groups: new Map() }
    worker.groups.set(group, new Set(topics))
    this.#workers.set(process, worker)
    const entry = this.#groups.get(group) ?? { topics: new Set(), processes: new Set() }
    for (const topic of topics) entry.topics.add(topic)
    entry.processes.add(process)
    this.#groups.set(group, entry)
  }

  /**
   * Whether each process that worked for this group has started again since, and now reads all its
   * topics in another one.
   */
  isGivenUp(group: string): boolean {
    const entry = this.#groups.get(group)
    if (entry === undefined) return false
    return [...entry.processes].every((process) => {
      const worker = this.#workers.get(process)
      if (worker === undefined || worker.groups.has(group)) return false
      const read = [...worker.groups.values()]
      return [...entry.topics].every((topic) => read.some((topics) => topics.has(topic)))
    })
  }
}
