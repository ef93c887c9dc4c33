import { jsonText } from '../core/json.ts'
import type { Schedule, WorkloadRecord } from '../core/schedule.ts'
import type { DrawnRecord } from '../run/run.interface.ts'
import { withWorkload } from './rename.ts'

/**
 * Finds the drawn value that a record of a schedule came from, by the record's content: it is still
 * found after records have gone or moved, and in a stored schedule.
 */
export class RecordValues {
  /** Records of the same content may come from several draws, at other times. */
  readonly #drawn: Map<string, DrawnRecord[]> = new Map()

  constructor(drawn: readonly DrawnRecord[]) {
    for (const each of drawn) this.keep(each)
  }

  /** Records that could stand in the place of this one, the plainest first. */
  *plainer({ workload }: Schedule, index: number): Generator<DrawnRecord> {
    if (this.#drawn.size === 0) return
    const record = workload.records[index]
    const known = record === undefined ? undefined : this.#drawn.get(contentOf(record))
    for (const drawn of known ?? []) yield* drawn.plainer()
  }

  /**
   * The schedule with this record in that place; where its key belongs to another partition, the
   * record is there.
   */
  placed(schedule: Schedule, index: number, drawn: DrawnRecord): readonly Schedule[] {
    const { workload } = schedule
    const old = workload.records[index]
    if (old === undefined) return []
    const { key, value, headers, atMs } = drawn.record
    const sameKey = jsonText(key) === jsonText(old.key)
    const partition = sameKey ? old.partition : drawn.record.partition
    const record: WorkloadRecord = {
      topic: old.topic,
      partition,
      key,
      value,
      ...(headers === undefined ? {} : { headers }),
      atMs: Math.min(atMs, old.atMs),
    }
    const records = workload.records.with(index, record)
    return withWorkload(schedule, { ...workload, records }, [...workload.records.keys()])
  }

  /** From now on this record is known too. */
  keep(drawn: DrawnRecord): void {
    const content = contentOf(drawn.record)
    const known = this.#drawn.get(content)
    if (known === undefined) this.#drawn.set(content, [drawn])
    else known.push(drawn)
  }
}

function contentOf({ topic, key, value, headers }: WorkloadRecord): string {
  return jsonText([topic, key, value, headers ?? null])
}
