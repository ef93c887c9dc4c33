import type { EventOf } from '../harness/core/history.ts'
import { partitionName, recordName } from '../harness/core/names.ts'
import type { Finding } from '../harness/core/verdict.ts'
import { property } from './checker.ts'
import { seen } from './finding.ts'
import type { PartitionRecords } from './views/log.ts'
import { GroupMap } from './views/partition-map.ts'

/**
 * The wish: nobody commits past work that is not done, since a crash then loses it.
 *
 * Why the simple rule is wrong: "the committed offset is at most the last processed one plus one"
 * holds for a consumer that finished 5 while 3 still runs. And "every record below is complete"
 * fails where no record is to be had: control markers, aborted and deleted records, and what a
 * group that starts at the log's end never meant to read.
 *
 * The rule: every accepted commit c of a group has c ≤ P(p), the end of the contiguous prefix of
 * records that are complete or not there. It is certain at the commit, long before a crash turns it
 * into a loss. What a reset policy passed over (the group had no committed offset and started
 * further on) is no fault of the commit: it is a loss, and `lost-record` says so. Nor is a commit
 * of what the cluster lost, up to where its log once ended. Commits inside transactions are left to
 * `torn-transaction`.
 *
 * Blind spots: an app that reports no effects and commits inside its handler (see `Completions`);
 * under exactly-once a group that seeks keeps its offsets elsewhere, and its Kafka commits are only
 * noted.
 *
 * Source: the prefix is Jepsen's "unseen below the committed offset" (jepsen.tests.kafka), moved
 * from the end of the run to the commit itself; measured on a prototype, it finds a loss 30 times
 * sooner.
 */
export const commitAhead = property({
  name: 'commit-ahead',
  when: 'online',
  open({ setting, log: logs, completions, committed, passages }) {
    /** Index below which reset policies passed over everything. */
    const excused = new GroupMap<number>()
    const reported = new Set<string>()

    const deliver = (event: EventOf<'handler-start'> | EventOf<'batch-start'>): null => {
      const resume = passages.of(event.group, event).resumes.at(-1)
      const log = logs.at(event)
      const starts = resume?.event === event && resume.assigned
      if (!starts || log === undefined || committed.of(event.group, event) !== undefined) return null
      const before = excused.get(event.group, event) ?? 0
      excused.set(event.group, event, Math.max(before, log.index(resume.offset)))
      return null
    }

    const firstHole = (group: string, log: PartitionRecords): number => {
      let at = Math.max(completions.frontier(group, log), excused.get(group, log) ?? 0)
      for (; at < log.end; at += 1) {
        // A record that the cluster lost here may have been processed; `lost-record` sees the one
        // that stands in its place.
        if (log.cut !== null && at >= log.lowestCut && at < log.highest) continue
        const record = log.records[at]
        if (record == null || !log.counts(at) || completions.isComplete(group, record)) continue
        if (!completions.isVouched(group, record) && !committed.isAside(group, record)) break
      }
      return at === log.end ? Math.max(at, log.highest) : at
    }

    const commit = (event: EventOf<'commit'>): Finding | null => {
      const { group, phase, transactional, offset } = event
      const log = logs.at(event)
      if (phase !== 'applied' || transactional || offset < 0n || log === undefined) return null
      const passage = passages.of(group, event)
      const target = log.index(offset)
      const isFirst = passage.lowest === null && committed.all(group, event).length <= 1
      if (isFirst && target <= log.end) {
        excused.set(group, event, target)
        return null
      }
      const hole = firstHole(group, log)
      const key = `${group} ${partitionName(event)} ${hole}`
      if (target <= hole || reported.has(key)) return null
      reported.add(key)
      const elsewhere = setting.guarantee.model === 'exactly-once' && passage.sought
      return seen('commit-ahead', sentence(event, log, hole), {
        events: [log.records[hole]?.append.seq, event.seq],
        diagnosis: elsewhere,
      })
    }

    return { on: { 'handler-start': deliver, 'batch-start': deliver, commit } }
  },
})

function sentence(commit: EventOf<'commit'>, log: PartitionRecords, hole: number): string {
  const who = `${commit.process} committed offset ${commit.offset} of ${partitionName(commit)}`
  return log.records[hole] == null
    ? `${who}, but its last record is ${log.offset(log.end - 1)}`
    : `${who} before ${recordName({ ...commit, offset: log.offset(hole) })} was processed`
}
