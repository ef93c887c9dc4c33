import { partitionName, recordName } from '../harness/core/names.ts'
import type { Setting } from '../harness/core/property.ts'
import type { Finding } from '../harness/core/verdict.ts'
import { property } from './checker.ts'
import { seen } from './finding.ts'
import type { Completed } from './views/completions.ts'
import { identityOf } from './views/identity.ts'
import type { LogRecord } from './views/log.ts'

/**
 * The wish: effects happen in the order of the records.
 *
 * Why the simple rule is wrong: "effects in offset order" fails for every redelivery, and few need
 * order over a whole partition: most claim it for a key. Offsets of different partitions can't be
 * compared, and a record that is put back into a topic to be tried again has a new offset for an
 * old message.
 *
 * The rule: first effects only, in the order in which the records were appended: all of a partition
 * (`order: 'partition'`), or those with the same key (`order: 'key'`; records without a key have no
 * order). A copy that the apps themselves appended, with the identity (else key and value) of an
 * earlier record, keeps the place of that record; the original then has no effect of its own. One
 * that was copied twice has its first effect by whichever copy comes first: the other is a
 * redelivery. Where copies of several partitions come together in another one, they have the order
 * of that one, and among those of one partition its order. Records that were skipped or given up
 * have no place.
 *
 * Blind spots: without `identity` a copy with a changed value is a new message, and two messages of
 * the apps with one key and value are one; an effect of a record in transit when its key moved to
 * another partition is compared by append, as a reader by time would.
 *
 * Source: Kafka's own promise (order within a partition); Jepsen's `nonmonotonic-send` for the idea
 * of comparing only with the highest so far.
 */
export const outOfOrder = property({
  name: 'out-of-order',
  when: 'online',
  open({ setting, completions }) {
    const { order = 'none' } = setting.guarantee.options
    /** The record of the last place whose first effect has happened, by group and line. */
    const furthest = new Map<string, { readonly completed: Completed; readonly place: number }>()
    const originals = new Originals(setting)
    /** Messages that have had an effect, by group. */
    const done = new Set<string>()
    const reported = new Set<string>()
    let found: Finding | null = null

    completions.listen((completed) => {
      const { record, group, how } = completed
      if (how !== 'effect' || order === 'none') return
      const work = `${group} ${message(record.append, setting)}`
      const again = record.append.process !== null && done.has(work)
      done.add(work)
      if (again) return
      for (const { line, place } of placesOf(record, originals.of(record), order)) {
        const key = `${group} ${line}`
        const before = furthest.get(key)
        if (before === undefined || before.place <= place) {
          furthest.set(key, { completed, place })
          continue
        }
        if (reported.has(key)) continue
        reported.add(key)
        const which = order === 'key' ? ` (key ${record.append.key})` : ''
        const text = `${originals.told(record)} was processed after ${originals.told(before.completed.record)}${which}`
        found ??= seen('out-of-order', text, {
          events: [record.append.seq, before.completed.seq, completed.seq],
        })
      }
    })

    const takeFound = (): Finding | null => {
      const taken = found
      found = null
      return taken
    }
    return {
      on: {
        append(event) {
          originals.add(event)
          return takeFound()
        },
        truncated({ topic, partition }) {
          // Offsets start again.
          for (const key of furthest.keys())
            if (key.endsWith(` ${partitionName({ topic, partition })}`)) furthest.delete(key)
          return null
        },
        effect: takeFound,
        marker: takeFound,
        transaction: takeFound,
      },
    }
  },
})

interface PlaceInLine {
  readonly line: string
  /** Sequence number of an append. */
  readonly place: number
}

/** Where the record stands, in each line whose order counts. */
function placesOf(
  record: LogRecord,
  original: LogRecord['append'],
  order: 'none' | 'partition' | 'key',
): readonly PlaceInLine[] {
  const { append } = record
  if (order === 'key') return append.key === null ? [] : [{ line: `key ${append.key}`, place: original.seq }]
  if (order === 'none') return []
  const [line, from] = [partitionName(record), partitionName(original)]
  if (line === from) return [{ line, place: original.seq }]
  return [
    { line, place: append.seq },
    { line: `${from} in ${line}`, place: original.seq },
  ]
}

/** Of each message the record that was appended first. */
class Originals {
  readonly #setting: Setting
  readonly #first: Map<string, LogRecord['append']> = new Map()

  constructor(setting: Setting) {
    this.#setting = setting
  }

  add(event: LogRecord['append']): void {
    const name = message(event, this.#setting)
    if (!this.#first.has(name)) this.#first.set(name, event)
  }

  /** Of an app's own record the first of its message, which may be itself. */
  of({ append }: LogRecord): LogRecord['append'] {
    return append.process === null ? append : (this.#first.get(message(append, this.#setting)) ?? append)
  }

  /** Its name, and whose copy it is. */
  told(record: LogRecord): string {
    const original = this.of(record)
    const name = recordName(record)
    return original === record.append ? name : `${name} (a copy of ${recordName(original)})`
  }
}

function message(append: LogRecord['append'], setting: Setting): string {
  const identity = identityOf(setting, append)
  return identity === null ? `${append.key}\0${append.value}` : `identity ${identity}`
}
