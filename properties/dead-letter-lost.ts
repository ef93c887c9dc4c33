import type { EventOf, RecordPosition } from '../harness/core/history.ts'
import { recordName } from '../harness/core/names.ts'
import type { Finding } from '../harness/core/verdict.ts'
import { property } from './checker.ts'
import { seen } from './finding.ts'
import type { Copy } from './views/handed-over.ts'
import type { LogRecord } from './views/log.ts'
import { PartitionMap } from './views/partition-map.ts'
import { Unprocessed } from './views/unprocessed.ts'

type FailureEvent = EventOf<'handler-failure'> | EventOf<'effect-failure'>

/**
 * The wish: what was given up can be looked at later.
 *
 * Why the simple rule is wrong: "each failed record is in the dead-letter topic" accuses an app
 * whose second try worked; and a record may well stand there twice, since the send is only at least
 * once itself.
 *
 * The rule, where a dead-letter topic is claimed: at the end, a record that the app skipped on
 * purpose, or that failed or was sent to the dead-letter topic, was never completed and has been
 * passed, stands in the dead-letter topic once or more. A record and its copy are compared by
 * value, or by key and value, and a copy that went with the only replica that had it is none (see
 * `HandedOver`): with acks 0 or 1 nobody tells the app.
 *
 * Blind spots: a record that was wrapped or changed before it was sent there; a record that was
 * given up without a failure that anyone could see is `lost-record` alone.
 *
 * Source: CONSUMERS.md C30, C43, M12.
 */
export const deadLetterLost = property({
  name: 'dead-letter-lost',
  when: 'end',
  open(views) {
    const { setting, ending, log, handedOver } = views
    const unprocessed = new Unprocessed(views)
    const { deadLetter } = setting.guarantee.options
    const skipped = new Map<string, EventOf<'skip'>>()
    const failed = new PartitionMap<Map<bigint, FailureEvent>>()
    const copies = new Set<Copy>()
    handedOver.listen({
      given: (copy) => void copies.add(copy),
      takenBack: (copy) => void copies.delete(copy),
    })

    const fail = (event: FailureEvent, records: readonly RecordPosition[]): null => {
      for (const record of records) failed.getOrMake(record, () => new Map()).set(record.offset, event)
      return null
    }

    const finish = (): readonly Finding[] => {
      if (deadLetter === undefined || !ending.reached) return []
      const findings: Finding[] = []
      const buried = buriedIn(deadLetter, copies)
      const lost = [...handedOver.lost()].filter(({ append }) => append.topic === deadLetter)
      const report = (record: LogRecord, why: string, seqs: readonly number[]): void => {
        if (buried.has(record)) return
        const message = `${recordName(record)} was given up and is not in ${deadLetter}: ${why}`
        findings.push(seen('dead-letter-lost', message, { events: [record.append.seq, ...seqs] }))
      }
      for (const { process, reason, seq, ...at } of skipped.values()) {
        const record = log.record(at)
        if (record !== undefined) report(record, `${process} skipped it (${reason})`, [seq])
      }
      for (const { record, state } of unprocessed.records()) {
        if (state !== 'passed' || skipped.has(recordName(record))) continue
        const copy = lost.findLast(({ originals }) => originals.includes(record))
        if (copy?.lostBy) {
          const why = `the copy that ${copy.append.process} had sent was on one replica only, and went with it`
          report(record, why, [copy.append.seq, copy.lostBy.seq])
          continue
        }
        const failure = failed.get(record)?.get(record.offset)
        if (failure === undefined) continue
        report(record, `${failure.process} failed on it (${failure.error ?? ''}) and went on`, [failure.seq])
      }
      return findings
    }

    return {
      on: {
        skip(event) {
          skipped.set(recordName(event), event)
          return null
        },
        'handler-failure': (event) => fail(event, [event]),
        'effect-failure': (event) => fail(event, [event]),
      },
      finish,
    }
  },
})

/** The records of which a copy stands in the topic; each copy stands for one record. */
function buriedIn(deadLetter: string, copies: Iterable<Copy>): ReadonlySet<LogRecord> {
  const buried = new Set<LogRecord>()
  for (const { append, originals } of copies) {
    if (append.topic !== deadLetter) continue
    const original = originals.find((each) => !buried.has(each))
    if (original !== undefined) buried.add(original)
  }
  return buried
}
