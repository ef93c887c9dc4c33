import type { HistoryEvent, TopicPartition } from '../core/history.ts'
import { partitionName } from '../core/names.ts'
import type { ByProcess } from '../core/world-event.ts'
import { decodeAssignment, type RequestBody } from '../kafka/index.ts'

/**
 * Each generation's assignment in the simulated run. Clients break ties by member ids, which
 * brokers draw at random: where a leader's assignment gives the same shares to other processes, the
 * shares change hands.
 */
export class Assignments {
  /** Shares by incarnation of a process, by group and generation. */
  readonly #shares: Map<string, Map<string, string>> = new Map()

  constructor(events: readonly HistoryEvent[]) {
    for (const event of events) {
      if (event.kind !== 'assigned') continue
      const key = `${event.group}\0${event.generation}`
      const shares = this.#shares.get(key) ?? new Map<string, string>()
      this.#shares.set(key, shares)
      shares.set(ownerOf(event), shareOf(event.partitions))
    }
  }

  /**
   * A leader's SyncGroup with the shares as they were, or null where they are other ones. Some
   * clients leave out members without any.
   * @param members of the generation, by member id
   */
  amended<Asked extends Shares>(
    request: Asked,
    members: ReadonlyMap<string, ByProcess | undefined>,
  ): Asked | null {
    const shares = this.#shares.get(`${request.groupId}\0${request.generationId}`)
    const given = request.assignments
    if (shares === undefined || given.length === 0) return null
    const left = given.map(({ assignment }) => ({ assignment, share: shareIn(assignment) }))
    const assignments: Shares['assignments'][number][] = []
    for (const [memberId, member] of members) {
      const wanted = member && shares.get(ownerOf(member))
      if (wanted === undefined) return null
      const at = left.findIndex(({ share }) => share === wanted)
      const [found] = at < 0 ? [] : left.splice(at, 1)
      if (found !== undefined) assignments.push({ memberId, assignment: found.assignment })
      else if (wanted !== '') return null
    }
    return left.length === 0 ? { ...request, assignments } : null
  }
}

/** The part of a SyncGroup that a leader decides. */
type Shares = Pick<RequestBody<'SyncGroup'>, 'groupId' | 'generationId' | 'assignments'>

/** A group may still have the member of an incarnation that is dead. */
function ownerOf({ process, incarnation }: ByProcess): string {
  return `${process} ${incarnation}`
}

function shareIn(assignment: Buffer): string {
  const topics = decodeAssignment(assignment) ?? []
  return shareOf(
    topics.flatMap(({ topic, partitions }) => partitions.map((partition) => ({ topic, partition }))),
  )
}

function shareOf(partitions: readonly TopicPartition[]): string {
  return partitions.map(partitionName).sort().join(' ')
}
