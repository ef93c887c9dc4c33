import type { EventOf, TopicPartition } from '../harness/core/history.ts'
import { recordName } from '../harness/core/names.ts'
import type { Finding } from '../harness/core/verdict.ts'
import { property } from './checker.ts'
import { seen } from './finding.ts'
import type { PartitionRecords } from './views/log.ts'
import { PartitionMap } from './views/partition-map.ts'
import type { Views } from './views/views.ts'

interface Fetched {
  readonly event: EventOf<'offset-fetched'>
  /** The log's end at that time: `latest` can't be below it. */
  readonly end: number
}

interface Resumption {
  readonly believes: EventOf<'believes'> | null
  /** The offsets that the coordinator has answered since the assignment. */
  readonly fetched: PartitionMap<Fetched>
  /** Explicit seeks that no delivery has followed yet; they outlive a rejoin. */
  readonly sought: PartitionMap<EventOf<'seek'>>
  readonly delivered: PartitionMap<true>
}

/** The resumption of each process in each of its groups. */
class Resumptions {
  readonly #owners = new Map<string, Resumption>()
  readonly #views: Pick<Views, 'log' | 'committed'>

  constructor(views: Pick<Views, 'log' | 'committed'>) {
    this.#views = views
  }

  own(by: { process: string; group: string }, believes: Resumption['believes']): Resumption {
    const key = `${by.process} ${by.group}`
    const sought = this.#owners.get(key)?.sought ?? new PartitionMap()
    const made = {
      believes,
      fetched: new PartitionMap<Fetched>(),
      sought,
      delivered: new PartitionMap<true>(),
    }
    this.#owners.set(key, made)
    return made
  }

  of(event: { process: string; group: string }): Resumption {
    return this.#owners.get(`${event.process} ${event.group}`) ?? this.own(event, null)
  }

  deliver(event: EventOf<'handler-start'> | EventOf<'batch-start'>, offset: bigint): Finding | null {
    const owner = this.of(event)
    const partition = this.#views.log.at(event)
    if (partition === undefined || owner.delivered.get(event) === true) return null
    owner.delivered.set(event, true)
    const seek = owner.sought.get(event)
    owner.sought.set(event, undefined)
    if (owner.believes === null) return null
    const fetched = owner.fetched.get(event)
    const wanted = seek ?? fetched?.event ?? this.#views.committed.of(event.group, event)
    const index = partition.index(offset)
    if (mayStart({ partition, index, from: wanted?.offset, end: fetched?.end })) return null
    const { process } = event
    const name = recordName({ topic: event.topic, partition: event.partition, offset })
    const message = `${process} began with ${name} although ${reason(wanted)}`
    return seen('wrong-resume', message, { events: [owner.believes.seq, wanted?.seq, event.seq] })
  }

  forget(process: string): null {
    for (const key of [...this.#owners.keys()]) if (key.startsWith(`${process} `)) this.#owners.delete(key)
    return null
  }

  /** The log's end as it was asked for has gone. */
  cut(event: EventOf<'truncated'>): null {
    for (const { fetched } of this.#owners.values()) {
      const known = fetched.get(event)
      const end = this.#views.log.at(event)?.end ?? 0
      if (known !== undefined) fetched.set(event, { ...known, end: Math.min(known.end, end) })
    }
    return null
  }
}

/**
 * The wish: a new owner goes on where the group is.
 *
 * Why the simple rule is wrong: "the first delivery is the committed offset" is not so for a group
 * without one, whose reset policy decides; nor where the committed offset lies outside the log; nor
 * where records from there on can't be read; nor after an explicit seek. And the committed offset
 * may change between the question and the delivery.
 *
 * The rule: the first delivery of a partition after an assignment is the first visible record at or
 * after what the coordinator last told this process since the assignment. Without such an answer (a
 * client that remembers) it is C(p). With no committed offset, or one outside the log, it is the
 * log's start, or a position that was its end since the question was asked; which of the two is the
 * app's own choice. A seek that is pending decides instead.
 *
 * Blind spots: an app that is told −1 may start at either end; the coordinator's own word is
 * believed.
 *
 * Source: ours; KIP-62 and KAFKA.md O8, L7 for what happens where.
 */
export const wrongResume = property({
  name: 'wrong-resume',
  when: 'online',
  open({ log, committed }) {
    const owners = new Resumptions({ log, committed })
    return {
      on: {
        believes(event) {
          owners.own(event, event)
          return null
        },
        revoked(event) {
          owners.own(event, null)
          return null
        },
        'process-started': ({ process }) => owners.forget(process),
        'offset-fetched'(event) {
          const end = log.at(event)?.end ?? 0
          owners.of(event).fetched.set(event, { event, end })
          return null
        },
        truncated: (event) => owners.cut(event),
        seek(event) {
          owners.of(event).sought.set(event, event)
          return null
        },
        'handler-start': (event) => owners.deliver(event, event.offset),
        'batch-start': (event) => owners.deliver(event, event.firstOffset),
      },
    }
  },
})

interface ResumeStart {
  readonly partition: PartitionRecords
  readonly index: number
  /** Undefined or negative: no committed offset, or a seek to an end of the log. */
  readonly from: bigint | undefined
  /** The log's end when the question was asked; undefined: nobody asked. */
  readonly end: number | undefined
}

function mayStart({ partition, index, from, end = partition.end }: ResumeStart): boolean {
  const byPolicy = index === partition.next(0) || index >= end
  if (from === undefined || from < 0n) return byPolicy
  const wanted = partition.index(from)
  if (index === partition.next(wanted)) return true
  // Between the question and the answer, records that stood there may have gone.
  const outside = wanted < partition.start || wanted > end
  return outside && byPolicy
}

function reason(wanted: (TopicPartition & { kind: string; offset: bigint }) | undefined): string {
  if (wanted === undefined || wanted.offset < 0n) {
    return 'the group has no committed offset there and this is neither end of the log'
  }
  if (wanted.kind === 'seek') return `the app sought ${wanted.offset}`
  return `the group's committed offset is ${wanted.offset}`
}
