import type { HistoryEvent, TopicPartition } from '../core/history.ts'
import { partitionName } from '../core/names.ts'
import { type Body, decodeAssignment } from '../kafka/index.ts'

/**
 * Each generation's assignment in the simulated run. Clients break ties by member ids, which
 * brokers draw at random: where a leader's assignment gives the same shares to other processes, the
 * shares change hands.
 */
export class Assignments {
  /** Shares by process, by group and generation. */
  readonly #shares: Map<string, Map<string, string>> = new Map()

  constructor(events: readonly HistoryEvent[]) {
    for (const event of events) {
      if (event.kind !== 'assigned') continue
      const key = `${event.group}\0${event.generation}`
      const shares = this.#shares.get(key) ?? new Map<string, string>()
      this.#shares.set(key, shares)
      shares.set(event.process, shareOf(event.partitions))
    }
  }

  /**
   * A leader's SyncGroup with the shares as they were, or null where they are so already or are
   * other ones.
   */
  amended(request: Body, processOf: (memberId: string) => string | undefined): Body | null {
    const shares = this.#shares.get(`${request['groupId']}\0${request['generationId']}`)
    const given = request['assignments'] as readonly Body[]
    if (shares === undefined || given.length < 2) return null
    const left = given.map(({ assignment }) => ({ assignment, share: shareIn(assignment as Buffer) }))
    const assignments: Body[] = []
    for (const each of given) {
      const wanted = shares.get(processOf(String(each['memberId'])) ?? '')
      const at = left.findIndex(({ share }) => share === wanted)
      const [found] = at < 0 ? [] : left.splice(at, 1)
      if (found === undefined) return null
      assignments.push({ ...each, assignment: found.assignment })
    }
    return { ...request, assignments }
  }
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
