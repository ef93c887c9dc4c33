import type { EventOf } from '../../harness/core/history.ts'
import type { Setting } from '../../harness/core/property.ts'
import type { Log, LogRecord } from './log.ts'
import type { Noting, View } from './observing.ts'

type Append = EventOf<'append'>

/**
 * Records that an app gave back to Kafka instead of finishing them: to the dead-letter topic, or once more to a topic
 * that is consumed (a retry topic, or the same one). The copy is known by its key and value; in the dead-letter topic
 * the value is enough, since apps often send it without its key. The original is then done: a copy in a consumed topic
 * is a record like any other and must be processed itself.
 *
 * Blind spots: a copy whose value was changed (a retry counter inside the value) is not recognised, and the original
 * then needs `context.effects.skip`; where several records have the same key and value, the first that is not yet
 * complete is taken.
 */
export class HandedOver implements View {
  readonly #setting: Setting
  readonly #log: Log
  readonly #listeners: ((originals: readonly LogRecord[], copy: Append) => void)[] = []
  #indexed = false
  readonly #byValue: Map<string, LogRecord[]> = new Map()
  readonly #byKeyAndValue: Map<string, LogRecord[]> = new Map()

  constructor(setting: Setting, log: Log) {
    this.#setting = setting
    this.#log = log
  }

  /** The listener gets the records that a copy may stand for, oldest first. */
  listen(listener: (originals: readonly LogRecord[], copy: Append) => void): void {
    this.#listeners.push(listener)
  }

  readonly noting: Noting = {
    append: (event) => {
      if (event.process !== null && this.#isCopy(event)) this.#look(event)
      if (this.#indexed) this.#index(this.#log.record(event))
    },
  }

  #isCopy({ topic }: Append): boolean {
    const { consumed, guarantee } = this.#setting
    return topic === guarantee.options.deadLetter || consumed.includes(topic)
  }

  #look(event: Append): void {
    if (!this.#indexed) this.#indexAll(event)
    const exact = this.#byKeyAndValue.get(keyAndValue(event))
    const dead = event.topic === this.#setting.guarantee.options.deadLetter
    const loose = dead && event.value !== null ? this.#byValue.get(event.value) : undefined
    const originals = exact ?? loose
    if (originals !== undefined) for (const listener of this.#listeners) listener(originals, event)
  }

  /** Most apps never hand a record over: nothing is indexed before the first does. */
  #indexAll(before: Append): void {
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
  }
}

function bySeq(a: LogRecord | null, b: LogRecord | null): number {
  return (a?.append.seq ?? 0) - (b?.append.seq ?? 0)
}

function keyAndValue({ key, value }: Append): string {
  return `${key === null ? 'null' : `key ${key}`}\0${value === null ? 'null' : `value ${value}`}`
}

function add(map: Map<string, LogRecord[]>, key: string, record: LogRecord): void {
  const known = map.get(key)
  if (known === undefined) map.set(key, [record])
  else known.push(record)
}
