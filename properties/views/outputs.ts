import type { RecordPosition } from '../../harness/core/history.ts'
import type { Setting } from '../../harness/core/property.ts'
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
 * with its key.
 *
 * Blind spot: an output of a batch with a value and a key of its own belongs to no record that we
 * know.
 */
export class Outputs implements View {
  readonly #setting: Setting
  readonly #log: Log
  readonly #handlers: OpenHandlers
  readonly #listeners: ((output: VisibleOutput) => void)[] = []
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
      if (event.outcome === 'abort') return
      for (const { append, input } of decided) this.#tell({ append, input, visibleSeq: event.seq })
    },
  }

  #tell(output: VisibleOutput): void {
    for (const listener of this.#listeners) listener(output)
  }

  #inputOf(process: string, output: Append): RecordPosition | undefined {
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

function samePartition(a: RecordPosition, b: RecordPosition): boolean {
  return a.topic === b.topic && a.partition === b.partition
}
