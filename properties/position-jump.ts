import { partitionName } from '../harness/core/event-name.ts'
import type { EventOf, TopicPartition } from '../harness/core/history.ts'
import type { Finding } from '../harness/core/verdict.ts'
import { property } from './checker.ts'
import { recordsName, seen } from './finding.ts'
import { PartitionMap } from './views/partition-map.ts'

/** Where a process stands in one partition that it owns; indexes of the log. */
interface Position {
  /** The next index to be delivered; null: whatever comes next is right. */
  next: number | null
  /** A rewind to here or further is the client's way to retry; null: there is nothing to retry. */
  retryFrom: number | null
  lastSeq: number
  /** While a batch runs: index of the first of its records that the app has not resolved. */
  unresolved: number | null
}

interface Ownership {
  readonly positions: PartitionMap<Position>
  /** Deliveries after a revocation belong to no ownership. */
  revoked: boolean
}

/**
 * The wish: between two assignments a consumer reads record after record.
 *
 * Why the simple rule is wrong: offsets are not adjacent where control markers, aborted or deleted records stand between
 * them. And clients go back on purpose: kafkajs fetches again from the last *resolved* offset after a handler or a
 * request failed, and a batch that the app left half resolved comes again from the first record that it did not resolve.
 *
 * The rule: within one ownership (from `believes` to the next `believes` or `revoked` of the same consumer) each
 * delivery of a partition is the next record in the visible order. Not counted: what follows a `seek`, a rewind after a
 * failed handler, and a rewind to the first unresolved record of a batch.
 *
 * Blind spots: deliveries between a revocation and the next assignment; a failed handler excuses one rewind in each of
 * its process's partitions.
 *
 * Source: Jepsen's Kafka workload (`int-poll-skip`, `poll-skip`, `nonmonotonic-poll`), which has to leave it out under a
 * group subscription since it does not see assignments.
 */
export const positionJump = property({
  name: 'position-jump',
  when: 'online',
  open({ log }) {
    const owners = new Map<string, Ownership>()

    const own = ({ process, group }: { process: string; group: string }, revoked: boolean): null => {
      owners.set(`${process} ${group}`, { positions: new PartitionMap(), revoked })
      return null
    }
    const positionOf = (event: { process: string; group: string } & TopicPartition): Position | null => {
      const key = `${event.process} ${event.group}`
      if (!owners.has(key)) own(event, false)
      const owner = owners.get(key)
      if (owner === undefined || owner.revoked) return null
      return owner.positions.getOrMake(event, () => ({
        next: null,
        retryFrom: null,
        lastSeq: -1,
        unresolved: null,
      }))
    }

    const deliver = (
      event: EventOf<'handler-start'> | EventOf<'batch-start'>,
      offsets: readonly bigint[],
    ): Finding | null => {
      const position = positionOf(event)
      const partition = log.at(event)
      if (position === null || partition === undefined) return null
      let finding: Finding | null = null
      const { lastSeq } = position
      for (const offset of offsets) {
        const index = partition.index(offset)
        const jump = jumpOf({ position, index, next: (from) => partition.next(from) })
        if (jump !== null && finding === null) {
          const at = partition.offset(index)
          const { process } = event
          const message =
            jump.kind === 'skip'
              ? `${process} was given ${recordsName(event, at, at)} without ${recordsName(
                  event,
                  partition.offset(jump.from),
                  partition.offset(index - 1),
                )}`
              : `${process} was given ${recordsName(event, at, at)} again although it had already been given ${partitionName(
                  event,
                )} up to ${partition.offset(jump.from)}`
          finding = seen('position-jump', message, { events: [lastSeq, event.seq].filter((seq) => seq >= 0) })
        }
        position.next = index + 1
        position.retryFrom = null
      }
      position.lastSeq = event.seq
      return finding
    }

    const fail = (process: string): void => {
      for (const [key, { positions }] of owners) {
        if (!key.startsWith(`${process} `)) continue
        for (const [, position] of positions.entries()) position.retryFrom = 0
      }
    }

    const endBatch = (event: EventOf<'batch-end'>): null => {
      if (event.error !== null) fail(event.process)
      const position = positionOf(event)
      if (position === null) return null
      const { unresolved, next } = position
      if (event.error === null && unresolved !== null && next !== null && unresolved < next) {
        position.retryFrom = unresolved
      }
      position.unresolved = null
      return null
    }

    return {
      on: {
        believes: (event) => own(event, false),
        revoked: (event) => own(event, true),
        'process-started'({ process }) {
          for (const key of [...owners.keys()]) if (key.startsWith(`${process} `)) owners.delete(key)
          return null
        },
        seek(event) {
          const position = positionOf(event)
          if (position !== null) position.next = null
          return null
        },
        'handler-start': (event) => deliver(event, [event.offset]),
        'batch-start'(event) {
          const finding = deliver(event, event.offsets)
          const position = positionOf(event)
          if (position !== null) position.unresolved = log.at(event)?.index(event.firstOffset) ?? null
          return finding
        },
        resolved(event) {
          const position = positionOf(event)
          const index = log.at(event)?.index(event.offset)
          if (position !== null && position.unresolved !== null && index !== undefined) {
            position.unresolved = index + 1
          }
          return null
        },
        'handler-failure'({ process }) {
          fail(process)
          return null
        },
        'batch-end': endBatch,
      },
    }
  },
})

type Jump = { readonly kind: 'skip' | 'rewind'; readonly from: number }

/** How a delivery of `index` departs from the order, if it does. `next` is the first index that counts from there on. */
function jumpOf({
  position,
  index,
  next,
}: {
  readonly position: Position
  readonly index: number
  readonly next: (from: number) => number
}): Jump | null {
  if (position.next === null) return null
  if (index < position.next) {
    const retried = position.retryFrom !== null && index >= position.retryFrom
    return retried ? null : { kind: 'rewind', from: position.next - 1 }
  }
  const expected = next(position.next)
  return expected < index ? { kind: 'skip', from: expected } : null
}
