import type { RecordPosition } from '../../harness/core/history.ts'
import { parseTopicInCluster } from '../../harness/core/names.ts'
import type { Setting } from '../../harness/core/property.ts'
import { identityOf } from './identity.ts'
import type { Append, Log } from './log.ts'
import type { Noting, View } from './observing.ts'
import type { OpenHandlers } from './open-handlers.ts'

/**
 * A record that a read_committed observer of the output topics can see, and the record that it was
 * made from.
 */
export interface VisibleOutput {
  readonly append: Append
  readonly input: RecordPosition
  /** The event that made it visible: its own append, or the marker of its transaction. */
  readonly visibleSeq: number
}

/**
 * `guarantee.options.outputs`: exactly-once is judged by what a read_committed observer sees in
 * these topics, and no longer by effects. An output belongs to the record whose handler ran in the
 * same process when it was appended; in a batch to the record with its value, else to the only one
 * with its key. In another cluster than its record, where a mirror may have written it later, a
 * copy is known by the scenario's `identity`, or by its key and value.
 *
 * Blind spot: an output of a batch with a value and a key of its own belongs to no record that we
 * know.
 */
export class Outputs implements View {
  readonly #setting: Setting
  readonly #log: Log
  readonly #handlers: OpenHandlers
  readonly #listeners: ((output: VisibleOutput) => void)[] = []
  /** Records that have a copy in another cluster. */
  readonly #copied: Set<RecordPosition> = new Set()
  readonly #open: Map<bigint, { readonly append: Append; readonly input: RecordPosition }[]> = new Map()

  constructor(setting: Setting, log: Log, handlers: OpenHandlers) {
    this.#setting = setting
    this.#log = log
    this.#handlers = handlers
  }

  /** The listener gets each output when it becomes visible. */
  listen(listener: (output: VisibleOutput) => void): void {
    this.#listeners.push(listener)
  }

  readonly noting: Noting = {
    append: (event) => {
      if (event.process === null || !this.#setting.guarantee.options.outputs?.includes(event.topic)) return
      const input = this.#inputOf(event.process, event)
      if (input === undefined) return
      const { producer } = event
      if (producer?.transactional !== true) {
        this.#tell({ append: event, input, visibleSeq: event.seq })
        return
      }
      const open = this.#open.get(producer.id)
      if (open === undefined) this.#open.set(producer.id, [{ append: event, input }])
      else open.push({ append: event, input })
    },
    marker: (event) => {
      const open = this.#open.get(event.producerId) ?? []
      const decided = open.filter(({ append }) => samePartition(append, event))
      this.#open.set(
        event.producerId,
        open.filter(({ append }) => !samePartition(append, event)),
      )
      if (event.outcome === 'abort') {
        for (const { input } of decided) this.#copied.delete(input)
        return
      }
      for (const { append, input } of decided) this.#tell({ append, input, visibleSeq: event.seq })
    },
  }

  /** Of several the first that has no copy yet. */
  #originalOf(output: Append): RecordPosition | undefined {
    const { cluster } = parseTopicInCluster(output.topic)
    if (cluster === null) return undefined
    const topics = this.#setting.consumed.filter((topic) => parseTopicInCluster(topic).cluster !== cluster)
    const originals = topics
      .flatMap((topic) => [...this.#log.partitions.ofTopic(topic)])
      .flatMap(([, { records }]) => records)
      .filter((record) => record !== null)
      .filter(({ append }) => sameMessage(this.#setting, append, output))
    const original = originals.find((each) => !this.#copied.has(each)) ?? originals[0]
    if (original !== undefined) this.#copied.add(original)
    return original
  }

  #tell(output: VisibleOutput): void {
    for (const listener of this.#listeners) listener(output)
  }

  #inputOf(process: string, output: Append): RecordPosition | undefined {
    const original = this.#originalOf(output)
    if (original !== undefined) return original
    const running = this.#handlers
      .of(process)
      .flatMap(({ topic, partition, offsets }) => offsets.map((offset) => ({ topic, partition, offset })))
    if (running.length <= 1) return running[0]
    const appendOf = (record: RecordPosition): Append | undefined => this.#log.record(record)?.append
    const sameValue = running.filter((record) => appendOf(record)?.value === output.value)
    if (sameValue[0] !== undefined) return sameValue[0]
    const sameKey = running.filter((record) => appendOf(record)?.key === output.key)
    return sameKey.length === 1 ? sameKey[0] : undefined
  }
}

function sameMessage(setting: Setting, one: Append, other: Append): boolean {
  const identity = identityOf(setting, one)
  if (identity !== null) return identity === identityOf(setting, other)
  return one.key === other.key && one.value === other.value
}

function samePartition(a: RecordPosition, b: RecordPosition): boolean {
  return a.topic === b.topic && a.partition === b.partition
}
