import type { EventOf } from '../../harness/core/history.ts'
import { jsonText } from '../../harness/core/json.ts'
import type { Setting } from '../../harness/core/property.ts'
import { identityOf } from './identity.ts'
import type { Append, Log, LogRecord } from './log.ts'
import type { Noting, View } from './observing.ts'
import type { OpenHandlers } from './open-handlers.ts'
import { PartitionMap } from './partition-map.ts'

type Astray = EventOf<'astray'>

/** A record that an app wrote, and the records that it may stand for, oldest first. */
export interface Copy {
  readonly append: Append | Astray
  readonly originals: readonly LogRecord[]
  /** The event that took it before all in-sync replicas had it; null while it stands. */
  lostBy: EventOf<'truncated'> | Astray | null
}

export interface HandedOverListener {
  given(copy: Copy): void
  /** Called when nothing is left of the copy. */
  takenBack?(copy: Copy): void
}

/**
 * Records that an app gave back to Kafka instead of finishing them: to the dead-letter topic, or
 * once more to a topic that is consumed (a retry topic, or the same one). The copy is known by the
 * scenario's `identity`, or by its key and value. In the dead-letter topic the value is enough,
 * since apps often send it without its key; a copy whose value was wrapped there is that of the
 * record which its process had in hand, of several the one whose key it has or whose value it
 * holds. The original is then done: a copy in a consumed topic is a record like any other and must
 * be processed itself.
 *
 * A copy that went with its leader before all in-sync replicas had it was never safe: with acks −1
 * the app would not have been told that it was written. It is taken back, whatever acks the app
 * asked for: one that waits sends it again, and one that asked for 0 or 1 chose to lose it. The
 * same goes for one that a deposed leader took, before it knew. What all of
 * them had and the cluster nevertheless lost (an unclean election, the crash of the only one that
 * was in sync) counts as handed over: no app could have done more.
 *
 * Blind spots: a copy in a consumed topic whose value was changed (a retry counter inside the
 * value) is not recognised without `identity`, and the original then needs `context.effects.skip`;
 * a wrapped dead letter that is sent after its handler has ended; where several records have the
 * same key and value, the first that is not yet complete is taken.
 */
export class HandedOver implements View {
  readonly #setting: Setting
  readonly #log: Log
  readonly #handlers: OpenHandlers
  readonly #listeners: HandedOverListener[] = []
  /** In the order in which they were written. */
  readonly #copies: PartitionMap<Copy[]> = new PartitionMap()
  #indexed = false
  readonly #byValue: Map<string, LogRecord[]> = new Map()
  readonly #byKeyAndValue: Map<string, LogRecord[]> = new Map()
  readonly #byIdentity: Map<string, LogRecord[]> = new Map()

  constructor(setting: Setting, log: Log, handlers: OpenHandlers) {
    this.#setting = setting
    this.#log = log
    this.#handlers = handlers
  }

  listen(listener: HandedOverListener): void {
    this.#listeners.push(listener)
  }

  /** Copies that are gone for good. */
  *lost(): Generator<Copy> {
    for (const [, copies] of this.#copies.entries())
      for (const copy of copies) if (copy.lostBy !== null) yield copy
  }

  readonly noting: Noting = {
    append: (event) => {
      if (event.again === true) this.#giveAgain(event)
      else if (event.process !== null && this.#isCopy(event)) this.#look(event, null)
      if (this.#indexed) this.#index(this.#log.record(event))
    },
    astray: (event) => {
      if (event.process !== null && this.#isCopy(event)) this.#look(event, event.committed ? null : event)
    },
    truncated: (event) => {
      const { uncommittedFrom } = event
      if (uncommittedFrom === undefined) return
      for (const copy of this.#copies.get(event) ?? []) {
        if (copy.lostBy !== null || copy.append.offset < uncommittedFrom) continue
        copy.lostBy = event
        for (const listener of this.#listeners) listener.takenBack?.(copy)
      }
    },
  }

  /** An election took the log that has it. */
  #giveAgain(event: Append): void {
    const isIt = ({ append, lostBy }: Copy): boolean =>
      lostBy !== null && append.offset === event.offset && append.value === event.value
    const copy = this.#copies.get(event)?.findLast(isIt)
    if (copy === undefined) return
    copy.lostBy = null
    for (const listener of this.#listeners) listener.given(copy)
  }

  #isCopy({ topic }: Append | Astray): boolean {
    const { consumed, guarantee } = this.#setting
    return topic === guarantee.options.deadLetter || consumed.includes(topic)
  }

  #look(event: Append | Astray, lostBy: Astray | null): void {
    if (!this.#indexed) this.#indexAll(event)
    const originals = this.#originals(event)
    if (originals === undefined) return
    const copy: Copy = { append: event, originals, lostBy }
    this.#copies.getOrMake(event, () => []).push(copy)
    if (lostBy !== null) return
    for (const listener of this.#listeners) listener.given(copy)
  }

  #originals(event: Append | Astray): readonly LogRecord[] | undefined {
    const identity = identityOf(this.#setting, event)
    const same = identity === null ? undefined : this.#byIdentity.get(identity)
    const exact = same ?? this.#byKeyAndValue.get(keyAndValue(event))
    if (exact !== undefined || event.topic !== this.#setting.guarantee.options.deadLetter) return exact
    const loose = event.value === null ? undefined : this.#byValue.get(event.value)
    return loose ?? this.#wrapped(event)
  }

  /** The records that the process had in hand when it sent this to the dead-letter topic. */
  #wrapped({ process, key, value }: Append | Astray): readonly LogRecord[] | undefined {
    const inHand = this.#handlers
      .of(process ?? '')
      .flatMap(({ topic, partition, offsets }) =>
        offsets.map((offset) => this.#log.record({ topic, partition, offset })),
      )
    const records = inHand.filter((record) => record !== undefined)
    if (records.length <= 1) return records.length === 0 ? undefined : records
    const held = records.filter(({ append }) => holds(value, append.value))
    const known = held.length > 0 ? held : records.filter(({ append }) => key !== null && append.key === key)
    return known.length === 0 ? undefined : known
  }

  /** Most apps never hand a record over: nothing is indexed before the first does. */
  #indexAll(before: Append | Astray): void {
    this.#indexed = true
    const records = [...this.#log.partitions.entries()].flatMap(([, log]) => log.records)
    const earlier = records.filter((record) => record !== null && record.append.seq < before.seq)
    for (const record of earlier.toSorted(bySeq)) this.#index(record ?? undefined)
  }

  #index(record: LogRecord | undefined): void {
    if (record === undefined || record.topic === this.#setting.guarantee.options.deadLetter) return
    const { append } = record
    if (append.value !== null) add(this.#byValue, append.value, record)
    add(this.#byKeyAndValue, keyAndValue(append), record)
    const identity = identityOf(this.#setting, append)
    if (identity !== null) add(this.#byIdentity, identity, record)
  }
}

function bySeq(a: LogRecord | null, b: LogRecord | null): number {
  return (a?.append.seq ?? 0) - (b?.append.seq ?? 0)
}

function keyAndValue({ key, value }: Append | Astray): string {
  return `${key === null ? 'null' : `key ${key}`}\0${value === null ? 'null' : `value ${value}`}`
}

/** Whether a value was wrapped into another: as it is, as a JSON string, or in base64. */
function holds(wrapping: string | null, value: string | null): boolean {
  if (wrapping === null || value === null || value === '') return false
  const forms = [value, jsonText(value).slice(1, -1), Buffer.from(value).toString('base64')]
  return forms.some((form) => wrapping.includes(form))
}

function add(map: Map<string, LogRecord[]>, key: string, record: LogRecord): void {
  const known = map.get(key)
  if (known === undefined) map.set(key, [record])
  else known.push(record)
}
