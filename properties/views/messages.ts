import type { RecordPosition } from '../../harness/core/history.ts'
import { recordName } from '../../harness/core/names.ts'
import type { Setting } from '../../harness/core/property.ts'
import { identityOf } from './identity.ts'
import type { Log, LogRecord } from './log.ts'
import type { Noting, View } from './observing.ts'

/**
 * Records of a topic that are one message by the scenario's `identity`: a producer that got no
 * answer sent it again. Without `identity` each record is a message of its own.
 */
export class Messages implements View {
  readonly #setting: Setting
  readonly #log: Log
  /** In the order of their appends, by topic and identity. */
  readonly #records: Map<string, LogRecord[]> = new Map()
  /** By name of the record. */
  readonly #messages: Map<string, LogRecord[]> = new Map()
  readonly noting: Noting

  constructor(setting: Setting, log: Log) {
    this.#setting = setting
    this.#log = log
    this.noting = setting.identity === undefined ? {} : { append: (event) => this.#append(event) }
  }

  /** Whether the record has an identity. */
  has(record: RecordPosition): boolean {
    return this.#messages.has(recordName(record))
  }

  /** The record of this message that came first; itself where it has no identity. */
  first(record: RecordPosition): RecordPosition {
    return this.#messages.get(recordName(record))?.[0] ?? record
  }

  /** The other records that are the same message. */
  others(record: LogRecord): readonly LogRecord[] {
    return (this.#messages.get(recordName(record)) ?? []).filter((each) => each !== record)
  }

  #append(event: LogRecord['append']): void {
    const identity = identityOf(this.#setting, event)
    const record = this.#log.record(event)
    const name = recordName(event)
    // It may stand where another message was cut off, or be back where it was.
    const before = this.#messages.get(name)
    before?.splice(
      before.findIndex((each) => recordName(each) === name),
      1,
    )
    this.#messages.delete(name)
    if (identity === null || record === undefined) return
    const key = `${event.topic} ${identity}`
    const all = this.#records.get(key) ?? []
    all.push(record)
    this.#records.set(key, all)
    this.#messages.set(name, all)
  }
}
