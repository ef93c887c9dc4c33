import type { EventOf, RecordPosition } from '../../harness/core/history.ts'
import { partitionName } from '../../harness/core/names.ts'
import type { ByProcess } from '../../harness/core/world-event.ts'
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
  readonly incarnation: number
  /** The app has told its client of single records of the batch that they are done. */
  resolved: boolean
  /** Offsets that another record has taken: the cluster lost the one that the handler was given. */
  replaced: Set<bigint> | null
}

/** Handlers that run, by process. */
export class OpenHandlers implements View {
  readonly #ofProcess: Map<string, Invocation[]> = new Map()
  /**
   * By process, those that failed or ended with it, of each record the last: what they had sent may
   * come yet.
   */
  readonly #broken: Map<string, Map<string, Invocation>> = new Map()
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
    'handler-end': (event) => void this.#end(event, event.offset),
    'handler-failure': (event) => this.#break(event.process, this.#end(event, event.offset)),
    'batch-end': (event) => {
      const ended = this.#end(event, event.firstOffset)
      if (event.error !== null) this.#break(event.process, ended)
    },
    resolved: (event) => {
      const open = this.find(event.process, event, event.group)
      if (open !== undefined) open.resolved = true
    },
    'process-started': ({ process }) => this.#endAll(process),
    'process-crashed': ({ process }) => this.#endAll(process),
    'process-exited': ({ process }) => this.#endAll(process),
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
   * Whether the effect is of work for another record, which had its offset before: of a handler
   * that still runs, or of one that is over and had sent it by then.
   */
  isOfOther({ process, incarnation, ...record }: RecordPosition & ByProcess): boolean {
    const ofIt = (each: Invocation): boolean => each.incarnation === incarnation && covers(each, record)
    const last = this.of(process).find(ofIt) ?? this.#brokenOf(process).find(ofIt)
    return last?.replaced?.has(record.offset) === true
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
    { process, incarnation, group, topic, partition, seq }: EventOf<'handler-start'> | EventOf<'batch-start'>,
    offsets: readonly bigint[],
    batch: boolean,
  ): void {
    const made = {
      group,
      topic,
      partition,
      offsets,
      batch,
      seq,
      incarnation,
      resolved: false,
      replaced: null,
    }
    const known = this.#ofProcess.get(process)
    if (known === undefined) this.#ofProcess.set(process, [made])
    else known.push(made)
  }

  #replace(record: RecordPosition): void {
    const broken = [...this.#broken.keys()].map((process) => this.#brokenOf(process))
    for (const some of [...this.#ofProcess.values(), ...broken]) {
      for (const each of some) {
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
  ): readonly Invocation[] {
    const known = this.#ofProcess.get(process)
    const index = known?.findIndex(
      (each) =>
        each.group === group &&
        each.topic === topic &&
        each.partition === partition &&
        each.offsets[0] === firstOffset,
    )
    return known === undefined || index === undefined || index < 0 ? [] : known.splice(index, 1)
  }

  #endAll(process: string): void {
    this.#break(process, this.of(process))
    this.#ofProcess.delete(process)
  }

  #break(process: string, ended: readonly Invocation[]): void {
    for (const each of ended) {
      const its = this.#broken.get(process) ?? new Map<string, Invocation>()
      this.#broken.set(process, its)
      its.set(`${each.incarnation} ${each.group} ${partitionName(each)}@${each.offsets[0]}`, each)
    }
  }

  #brokenOf(process: string): readonly Invocation[] {
    return [...(this.#broken.get(process)?.values() ?? [])]
  }
}

function covers(each: Invocation, { topic, partition, offset }: RecordPosition): boolean {
  return each.topic === topic && each.partition === partition && each.offsets.includes(offset)
}
