import type { LogRecord, PartitionRecords } from './log.ts'
import type { Passage } from './passages.ts'
import type { Views } from './views.ts'

/** A record that counts and was not completed by a group that consumes its topic. */
export interface UnprocessedRecord {
  readonly group: string
  readonly record: LogRecord
  readonly passage: Passage
  /**
   * `passed`: the group is past it and nobody will be given it again: it is lost. `waiting`: it
   * would be delivered (again) if the group went on: it is stuck.
   */
  readonly state: 'passed' | 'waiting'
}

/**
 * The records that a group left undone at the end, each with whether the group is past it or stands
 * before it. Both are wrong; telling them apart lets each defect be reported by its own name.
 *
 * A group is past a record when its committed offset is above it. A group that seeks keeps its
 * offsets elsewhere: it is past a record when a later one is complete. A group without a committed
 * offset is past everything below the first record that it was ever given or fetched, and, where it
 * fetched and never got anything, past all that was there: its reset policy put it at the end.
 */
export class Unprocessed {
  readonly #views: Views

  constructor(views: Views) {
    this.#views = views
  }

  /**
   * By group, partition and offset. Records that the app vouched for, or that
   * somebody outside the group set aside, are left out.
   */
  *records(): Generator<UnprocessedRecord> {
    for (const [group, log] of this.partitions()) {
      const passage = this.#views.passages.of(group, log)
      let later = false
      const found: UnprocessedRecord[] = []
      for (let index = log.end - 1; index >= log.start; index -= 1) {
        const record = log.records[index]
        if (record == null || !log.counts(index)) continue
        if (this.#views.completions.isComplete(group, record)) later = true
        else if (!this.#isExcused(group, record)) {
          found.push({ group, record, passage, state: this.#state({ group, record, passage, later }) })
        }
      }
      yield* found.reverse()
    }
  }

  /**
   * Every partition of every topic that a group consumes. Groups that were given up are left out,
   * except under exactly once: there, beginning again in another group does everything twice.
   */
  *partitions(): Generator<[string, PartitionRecords]> {
    const { groups, setting } = this.#views
    const all = setting.guarantee.model === 'exactly-once'
    for (const [group, topics] of groups.consuming()) {
      if ((!all || group === '') && groups.isGivenUp(group)) continue
      for (const topic of topics) {
        for (const [, log] of this.#views.log.partitions.ofTopic(topic)) yield [group, log]
      }
    }
  }

  #isExcused(group: string, record: LogRecord): boolean {
    const { completions, committed } = this.#views
    return completions.isVouched(group, record) || committed.isAside(group, record)
  }

  #state({
    group,
    record,
    passage,
    later,
  }: Omit<UnprocessedRecord, 'state'> & { later: boolean }): UnprocessedRecord['state'] {
    const commit = this.#views.committed.of(group, record)
    if (commit !== undefined && record.offset < commit.offset) return 'passed'
    if (passage.sought) return later ? 'passed' : 'waiting'
    if (commit !== undefined) return 'waiting'
    if (passage.lowest !== null) return record.offset < passage.lowest ? 'passed' : 'waiting'
    return this.#views.passages.hasStarted(passage) ? 'passed' : 'waiting'
  }
}
