import type { RecordPosition } from '../../harness/core/history.ts'
import { parseTopicInCluster, recordName } from '../../harness/core/names.ts'
import type { Setting } from '../../harness/core/property.ts'
import { identityOf } from './identity.ts'
import type { Log, LogRecord } from './log.ts'
import type { Noting, View } from './observing.ts'

/**
 * Records of a topic that are one message by the scenario's `identity`: a producer that got no
 * answer sent it again. Topics of one name in several clusters are one here: a mirror copies
 * messages. Without `identity` each record is a message of its own.
 */
export class Messages implements View {
  readonly #setting: Setting
  readonly #log: Log
  /** In the order of their appends, by the message's key. */
  readonly #records: Map<string, readonly LogRecord[]> = new Map()
  /** By the record's name. */
  readonly #keys: Map<string, string> = new Map()
  readonly noting: Noting

  constructor(setting: Setting, log: Log) {
    this.#setting = setting
    this.#log = log
    this.noting = setting.identity === undefined ? {} : { append: (event) => this.#append(event) }
  }

  /** A name for the record's message, which all its records have; null: it has no identity. */
  key(record: RecordPosition): string | null {
    return this.#keys.get(recordName(record)) ?? null
  }

  /** The record of this message that came first; itself where it has no identity. */
  first(record: RecordPosition): RecordPosition {
    return this.#of(record)[0] ?? record
  }

  /** The other records that are the same message. */
  others(record: LogRecord): readonly LogRecord[] {
    return this.#of(record).filter((each) => each !== record)
  }

  #of(record: RecordPosition): readonly LogRecord[] {
    const key = this.key(record)
    return key === null ? [] : this.#sent(key)
  }

  #sent(key: string): readonly LogRecord[] {
    return this.#records.get(key) ?? []
  }

  #append(event: LogRecord['append']): void {
    this.#replace(event)
    const identity = identityOf(this.#setting, event)
    const record = this.#log.record(event)
    if (identity === null || record === undefined) return
    const key = `${parseTopicInCluster(event.topic).name} ${identity}`
    this.#keys.set(recordName(event), key)
    this.#records.set(key, [...this.#sent(key), record])
  }

  /** A record that was here before was cut off, and leaves its message, or is back in it. */
  #replace(position: RecordPosition): void {
    const key = this.key(position)
    if (key === null) return
    const name = recordName(position)
    this.#keys.delete(name)
    this.#records.set(
      key,
      this.#sent(key).filter((each) => recordName(each) !== name),
    )
  }
}
