import type { EventOf, TopicPartition } from '../harness/core/history.ts'
import { partitionName, recordName } from '../harness/core/names.ts'
import type { Finding } from '../harness/core/verdict.ts'
import { property } from './checker.ts'
import { recordsName, seen } from './finding.ts'
import type { Log, PartitionRecords } from './views/log.ts'
import { PartitionMap } from './views/partition-map.ts'
import type { Delivery } from './views/passages.ts'

/** A process's position in one partition that it owns, as indexes of the log. */
interface NextPosition {
  /** The next index to be delivered; null: whatever comes next is right. */
  next: number | null
  /** A rewind to here or further is the client's way to retry; null: there is nothing to retry. */
  retryFrom: number | null
  lastSeq: number | null
  /** While a batch runs: index of the first of its records that the app has not resolved. */
  unresolved: number | null
}

interface GroupProcess {
  readonly process: string
  readonly group: string
}

interface PositionedOwner {
  readonly process: string
  readonly positions: PartitionMap<NextPosition>
  /** Deliveries after a revocation belong to no ownership. */
  revoked: boolean
}

/** The partitions that each process of a group owns, and since when. */
class Ownerships {
  readonly #owners: Map<string, PositionedOwner> = new Map()

  begin({ process, group }: GroupProcess, revoked: boolean): PositionedOwner {
    const made = { process, positions: new PartitionMap<NextPosition>(), revoked }
    this.#owners.set(`${process} ${group}`, made)
    return made
  }

  /** The process's position in the partition; null after a revocation. */
  position(event: GroupProcess & TopicPartition): NextPosition | null {
    const owner = this.#owners.get(`${event.process} ${event.group}`) ?? this.begin(event, false)
    if (owner.revoked) return null
    return owner.positions.getOrMake(event, () => ({
      next: null,
      retryFrom: null,
      lastSeq: null,
      unresolved: null,
    }))
  }

  /** The positions of all processes in this partition. */
  positions(at: TopicPartition): NextPosition[] {
    return [...this.#owners.values()].flatMap(({ positions }) => positions.get(at) ?? [])
  }

  /** A handler of this process failed: its client may go back, in each of its partitions. */
  fail(process: string): void {
    for (const owner of this.#owners.values()) {
      if (owner.process !== process) continue
      for (const [, position] of owner.positions.entries()) position.retryFrom = 0
    }
  }

  forget(process: string): null {
    for (const [key, owner] of [...this.#owners]) if (owner.process === process) this.#owners.delete(key)
    return null
  }
}

/** The positions of all owners, as one history moves them. */
class OwnersPositions {
  readonly owners = new Ownerships()
  readonly #log: Log

  constructor(log: Log) {
    this.#log = log
  }

  deliver(event: Delivery, offsets: readonly bigint[]): Finding | null {
    const position = this.owners.position(event)
    const partition = this.#log.at(event)
    if (position === null || partition === undefined) return null
    let finding: Finding | null = null
    const { lastSeq } = position
    for (const offset of offsets) {
      const index = partition.index(offset)
      const jump = jumpOf(position, index, partition)
      if (jump !== null && finding === null) {
        const message = sentence(event, { jump, index, log: partition })
        finding = seen('position-jump', message, { events: [lastSeq ?? undefined, event.seq] })
      }
      position.next = index + 1
      position.retryFrom = null
    }
    position.lastSeq = event.seq
    return finding
  }

  endBatch(event: EventOf<'batch-end'>): null {
    if (event.error !== null) this.owners.fail(event.process)
    const position = this.owners.position(event)
    if (position === null) return null
    const { unresolved, next } = position
    if (event.error === null && unresolved !== null && next !== null && unresolved < next) {
      position.retryFrom = unresolved
    }
    position.unresolved = null
    return null
  }

  begin(event: GroupProcess, revoked: boolean): null {
    this.owners.begin(event, revoked)
    return null
  }

  /**
   * The cluster lost the end of the log: a process that stood there starts where its reset policy
   * says.
   */
  cut(event: EventOf<'truncated'>): null {
    const index = this.#log.at(event)?.index(event.offset) ?? 0
    for (const position of this.owners.positions(event))
      if ((position.next ?? 0) > index) position.next = null
    return null
  }

  change(event: GroupProcess & TopicPartition, apply: (position: NextPosition) => void): null {
    const position = this.owners.position(event)
    if (position !== null) apply(position)
    return null
  }
}

/**
 * The wish: between two assignments a consumer reads record after record.
 *
 * Why the simple rule is wrong: offsets are not adjacent where control markers, aborted or deleted
 * records stand between them. And clients go back on purpose: kafkajs fetches again from the last
 * *resolved* offset after a handler or a request failed, and a batch that the app left half
 * resolved comes again from the first record that it did not resolve.
 *
 * And what the cluster lost is nowhere to go on from.
 *
 * The rule: within one ownership (from `believes` to the next `believes` or `revoked` of the same
 * consumer) each delivery of a partition is the next record in the visible order. Not counted: what
 * follows a `seek`, a rewind after a failed handler, a rewind to the first unresolved record of a
 * batch, and the next delivery after the position itself was lost with the end of the log.
 *
 * Blind spots: deliveries between a revocation and the next assignment; a failed handler excuses
 * one rewind in each of its process's partitions.
 *
 * Source: Jepsen's Kafka workload (`int-poll-skip`, `poll-skip`, `nonmonotonic-poll`), which has to
 * leave it out under a group subscription since it does not see assignments.
 */
export const positionJump = property({
  name: 'position-jump',
  when: 'online',
  open({ log }) {
    const positions = new OwnersPositions(log)
    return {
      on: {
        truncated: (event) => positions.cut(event),
        believes: (event) => positions.begin(event, false),
        revoked: (event) => positions.begin(event, true),
        'process-started': ({ process }) => positions.owners.forget(process),
        seek: (event) =>
          positions.change(event, (position) => {
            position.next = null
          }),
        'handler-start': (event) => positions.deliver(event, [event.offset]),
        'batch-start'(event) {
          const finding = positions.deliver(event, event.offsets)
          positions.change(event, (position) => {
            position.unresolved = log.at(event)?.index(event.firstOffset) ?? null
          })
          return finding
        },
        resolved: (event) =>
          positions.change(event, (position) => {
            const index = log.at(event)?.index(event.offset)
            if (position.unresolved !== null && index !== undefined) position.unresolved = index + 1
          }),
        'handler-failure'({ process }) {
          positions.owners.fail(process)
          return null
        },
        'batch-end': (event) => positions.endBatch(event),
      },
    }
  },
})

type Jump = { readonly kind: 'skip' | 'rewind'; readonly from: number }

/** How a delivery of `index` departs from the visible order, if it does. */
function jumpOf({ next, retryFrom }: NextPosition, index: number, log: PartitionRecords): Jump | null {
  if (next === null) return null
  if (index < next) {
    const retried = retryFrom !== null && index >= retryFrom
    return retried ? null : { kind: 'rewind', from: next - 1 }
  }
  const expected = log.next(next)
  return expected < index ? { kind: 'skip', from: expected } : null
}

function sentence(
  event: Delivery,
  { jump, index, log }: { readonly jump: Jump; readonly index: number; readonly log: PartitionRecords },
): string {
  const given = `${event.process} was given ${recordName({ ...event, offset: log.offset(index) })}`
  const from = log.offset(jump.from)
  if (jump.kind === 'skip') return `${given}: ${recordsName(event, from, log.offset(index - 1))} was left out`
  return `${given} again, although it had been given ${partitionName(event)} through @${from}`
}
