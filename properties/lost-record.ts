import { partitionName, recordName } from '../harness/core/names.ts'
import type { Finding } from '../harness/core/verdict.ts'
import { property } from './checker.ts'
import { recordsName, seen } from './finding.ts'
import { Unprocessed, type UnprocessedRecord } from './views/unprocessed.ts'
import type { Views } from './views/views.ts'

interface LossCause {
  readonly why: string
  readonly events: readonly (number | undefined)[]
}

/**
 * The wish: every record is processed.
 *
 * Why the simple rule is wrong: "it was delivered" says nothing about its effect; "it has no effect
 * yet" says nothing before the drain is over; and a record that the group still stands before is
 * not lost but stuck, which another defect causes and `stuck-partition` reports.
 *
 * The rule: after the drain, every visible record of a topic that a group consumes has an effect of
 * that group, was skipped on purpose, or was handed over to the dead-letter topic or to another
 * consumed topic; or the group still stands before it. Visible leaves out control markers, aborted
 * records and what was deleted. A group that starts at the log's end (`fromBeginning: false`) loses
 * what was there before its first assignment: the workload's author meant it to be processed,
 * and the sentence says that it was the reset policy. At most once may lose records that a fault
 * can explain. What the cluster itself lost (an unclean election, a crash before the flush) is not
 * the consumer's loss: it is not there to be processed. What was written in its place is: a group
 * that had committed further passes over it, and that it did is told with the reason, for no
 * consumer without a look at leader epochs (KIP-320) can know.
 *
 * Blind spots: one effect with any label completes a record; a record that was deleted before it
 * was processed counts as deleted; an app that reports no effects and commits inside its handler
 * (see `Completions`).
 *
 * Source: Jepsen's Kafka workload (`lost-write`, `unseen`).
 */
export const lostRecord = property({
  name: 'lost-record',
  when: 'end',
  open(views) {
    const { ending, faults } = views
    const unprocessed = new Unprocessed(views)

    const finish = (): readonly Finding[] => {
      if (!ending.reached) return []
      const passed = [...unprocessed.records()].filter(({ state }) => state === 'passed')
      return runs(passed, (record) => causeOf(record, views).why).map((run) => {
        const [first, last] = [run[0], run.at(-1)]
        if (first === undefined || last === undefined) throw new RangeError('an empty run')
        const { why, events } = causeOf(first, views)
        const name = recordsName(first.record, first.record.offset, last.record.offset)
        return seen('lost-record', `${name} ${run.length > 1 ? 'were' : 'was'} never processed: ${why}`, {
          events: [...run.map(({ record }) => record.append.seq), ...events],
          explained: faults.explain(first.record.append.seq),
          about: { group: first.group, records: run.map(({ record }) => recordName(record)) },
        })
      })
    }
    return { on: {}, finish }
  },
})

/** Neighbours that were lost for the same reason are one finding. */
function runs(
  records: readonly UnprocessedRecord[],
  why: (record: UnprocessedRecord) => string,
): UnprocessedRecord[][] {
  const all: UnprocessedRecord[][] = []
  for (const each of records) {
    const run = all.at(-1)
    const before = run?.at(-1)
    const joined =
      run !== undefined &&
      before !== undefined &&
      before.group === each.group &&
      partitionName(before.record) === partitionName(each.record) &&
      before.record.index === each.record.index - 1 &&
      why(before) === why(each)
    if (joined) run.push(each)
    else all.push([each])
  }
  return all
}

function causeOf(
  { group, record, passage }: UnprocessedRecord,
  { committed, completions, log, handedOver }: Views,
): LossCause {
  const name = partitionName(record)
  const undone = completions.undoneBy(record)
  if (undone !== undefined)
    return {
      why: `what stood in ${undone.label} for it was taken away by ${undone.call}`,
      events: [undone.seq],
    }
  for (const { append, originals, lostBy } of handedOver.lost()) {
    if (lostBy === null || !originals.includes(record)) continue
    const why = `its copy ${recordName(append)} was on one replica only, and went with it`
    return { why, events: [append.seq, lostBy.seq] }
  }
  const cut = log.at(record)?.cut ?? null
  const past = committed
    .all(group, record)
    .findLast(({ offset, seq }) => offset > record.offset && seq < record.append.seq)
  if (cut !== null && cut.index <= record.index && past !== undefined) {
    const why = `the cluster had lost the record that stood there before, and ${past.process} had committed offset ${past.offset} for that`
    return { why, events: [past.seq, cut.event.seq] }
  }
  const resume = passage.resumes.find(({ offset }) => offset > record.offset)
  const commit = committed.all(group, record).find(({ offset }) => offset > record.offset)
  const neverReached = passage.lowest === null || record.offset < passage.lowest
  const commitFirst = commit !== undefined && (resume === undefined || commit.seq < resume.event.seq)
  if (neverReached && !commitFirst) {
    const start = passage.startedWithout
    const who = resume?.event.process ?? start?.process ?? `the group ${group}`
    const at = resume === undefined ? 'at the end of the log' : `at ${resume.offset}`
    const why = `${who} began ${name} ${at}, where the group ${group} had no committed offset`
    return { why, events: [start?.seq, resume?.event.seq] }
  }
  if (commit === undefined) {
    const who = passage.lastDelivery?.process ?? `the group ${group}`
    return { why: `${who} went on without it`, events: [passage.lastDelivery?.seq] }
  }
  const after = passage.resumes.find(({ event, offset }) => event.seq > commit.seq && offset > record.offset)
  const events = [commit.seq, after?.event.seq]
  if (after === undefined || after.event.process === commit.process) {
    const resumed = after === undefined ? '' : ` and resumed at ${after.offset}`
    return { why: `${commit.process} had committed offset ${commit.offset}${resumed}`, events }
  }
  const why = `${after.event.process} resumed at ${after.offset} because ${commit.process} had committed offset ${commit.offset}`
  return { why, events }
}
