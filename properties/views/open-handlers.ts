import type { EventOf, RecordPosition } from '../../harness/core/history.ts'
import type { Groups } from './groups.ts'
import type { Noting, View } from './observing.ts'

/** A handler that has started and not ended: one record, or the records of a batch. */
export interface Invocation {
  readonly group: string
  readonly topic: string
  readonly partition: number
  readonly offsets: readonly bigint[]
  readonly batch: boolean
  readonly seq: number
  /** The app has told its client of single records of the batch that they are done. */
  resolved: boolean
  /** Offsets that another record has taken: the cluster lost the one that the handler was given. */
  replaced: Set<bigint> | null
}

/** Handlers that run, by process. */
export class OpenHandlers implements View {
  readonly #ofProcess: Map<string, Invocation[]> = new Map()
  /** The cluster has lost something: only then does a record get an offset that another one had. */
  #cut = false

  readonly noting: Noting = {
    truncated: () => {
      this.#cut = true
    },
    astray: () => {
      this.#cut = true
    },
    append: (event) => {
      if (this.#cut && event.again !== true) this.#replace(event)
    },
    'handler-start': (event) => this.#start(event, [event.offset], false),
    'batch-start': (event) => this.#start(event, event.offsets, true),
    'handler-end': (event) => this.#end(event, event.offset),
    'handler-failure': (event) => this.#end(event, event.offset),
    'batch-end': (event) => this.#end(event, event.firstOffset),
    resolved: (event) => {
      const open = this.find(event.process, event, event.group)
      if (open !== undefined) open.resolved = true
    },
    'process-started': ({ process }) => void this.#ofProcess.delete(process),
    'process-crashed': ({ process }) => void this.#ofProcess.delete(process),
    'process-exited': ({ process }) => void this.#ofProcess.delete(process),
  }

  of(process: string): readonly Invocation[] {
    return this.#ofProcess.get(process) ?? []
  }

  /** The running handler of this record in this process. */
  find(process: string, record: RecordPosition, group?: string): Invocation | undefined {
    return this.of(process).find(
      (each) => (group === undefined || each.group === group) && covers(each, record),
    )
  }

  /**
   * Whether the process's work for the record is about another one, which had its offset before.
   */
  isOfOther(process: string, record: RecordPosition): boolean {
    return this.find(process, record)?.replaced?.has(record.offset) === true
  }

  /**
   * The groups that an effect of this process may belong to: its only group; else those whose
   * handler of the record runs; else those of its groups that consume the topic. What a process
   * does about a record that none of its groups consumes, as in the last step of a saga, it does
   * for the groups that do.
   */
  groupsOf(process: string, record: RecordPosition, groups: Groups): readonly string[] {
    const all = groups.of(process)
    const [only] = all
    if (only === undefined || (all.length === 1 && groups.consumes(only, record.topic))) return all
    const running = this.of(process).filter((each) => covers(each, record))
    if (running.length > 0) return [...new Set(running.map(({ group }) => group))]
    const own = all.filter((group) => groups.consumes(group, record.topic))
    if (own.length > 0) return own
    const others = [...groups.consuming()].filter(([, topics]) => topics.has(record.topic))
    return others.length > 0 || all.length > 1 ? others.map(([group]) => group) : all
  }

  #start(
    { process, group, topic, partition, seq }: EventOf<'handler-start'> | EventOf<'batch-start'>,
    offsets: readonly bigint[],
    batch: boolean,
  ): void {
    const made = { group, topic, partition, offsets, batch, seq, resolved: false, replaced: null }
    const known = this.#ofProcess.get(process)
    if (known === undefined) this.#ofProcess.set(process, [made])
    else known.push(made)
  }

  #replace(record: RecordPosition): void {
    for (const running of this.#ofProcess.values()) {
      for (const each of running) {
        if (!covers(each, record)) continue
        each.replaced ??= new Set()
        each.replaced.add(record.offset)
      }
    }
  }

  #end(
    {
      process,
      group,
      topic,
      partition,
    }: EventOf<'handler-end'> | EventOf<'handler-failure'> | EventOf<'batch-end'>,
    firstOffset: bigint,
  ): void {
    const known = this.#ofProcess.get(process)
    const index = known?.findIndex(
      (each) =>
        each.group === group &&
        each.topic === topic &&
        each.partition === partition &&
        each.offsets[0] === firstOffset,
    )
    if (known !== undefined && index !== undefined && index >= 0) known.splice(index, 1)
  }
}

function covers(each: Invocation, { topic, partition, offset }: RecordPosition): boolean {
  return each.topic === topic && each.partition === partition && each.offsets.includes(offset)
}
