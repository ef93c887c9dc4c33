import { partitionName } from '../harness/core/event-name.ts'
import type { EventOf } from '../harness/core/history.ts'
import type { Finding } from '../harness/core/verdict.ts'
import { property } from './checker.ts'
import { recordsName, seen } from './finding.ts'
import type { PartitionLog } from './views/log.ts'
import { GroupMap } from './views/partition-map.ts'

/** What reset policies passed over, by index, in one partition of one group. */
interface Resumed {
  /** Everything below was passed over by a reset policy. */
  excused: number
  /** Whether anything was ever delivered. */
  delivered: boolean
  /** Processes whose next delivery is the first of an ownership. */
  readonly fresh: Set<string>
}

/**
 * The wish: nobody commits past work that is not done, since a crash then loses it.
 *
 * Why the simple rule is wrong: "the committed offset is at most the last processed one plus one" holds for a consumer
 * that finished 5 while 3 still runs. And "every record below is complete" fails where no record is to be had: control
 * markers, aborted and deleted records, and what a group that starts at the log's end never meant to read.
 *
 * The rule: every accepted commit c of a group has c ≤ P(p), the end of the contiguous prefix of records that are
 * complete or not there. It is certain at the commit, long before a crash turns it into a loss. What a reset policy
 * passed over (the group had no committed offset and started further on) is no fault of the commit: it is a loss, and
 * `lost-record` says so. Commits inside transactions are left to `torn-transaction`.
 *
 * Blind spots: an app that reports no effects and commits inside its handler (see `Completions`); under exactly-once
 * a group that seeks keeps its offsets elsewhere, and its Kafka commits are only noted.
 *
 * Source: the prefix is Jepsen's "unseen below the committed offset" (jepsen.tests.kafka), moved from the end of the
 * run to the commit itself; measured on a prototype, it finds a loss 30 times sooner.
 */
export const commitAhead = property({
  name: 'commit-ahead',
  when: 'online',
  open({ setting, log: logs, completions, committed }) {
    const resumes = new GroupMap<Resumed>()
    const sought = new GroupMap<true>()
    const reported = new Set<string>()
    const resumedAt = (group: string, at: { topic: string; partition: number }): Resumed =>
      resumes.getOrMake(group, at, () => ({ excused: 0, delivered: false, fresh: new Set() }))

    const deliver = (event: EventOf<'handler-start'> | EventOf<'batch-start'>, first: bigint): null => {
      const resumed = resumedAt(event.group, event)
      const log = logs.at(event)
      const isFirst = resumed.fresh.delete(event.process) || !resumed.delivered
      if (isFirst && log !== undefined && committed.of(event.group, event) === undefined) {
        resumed.excused = Math.max(resumed.excused, log.index(first))
      }
      resumed.delivered = true
      return null
    }

    const firstHole = (commit: EventOf<'commit'>, log: PartitionLog): number => {
      const { excused } = resumedAt(commit.group, commit)
      let at = Math.max(completions.frontier(commit.group, log), excused)
      for (; at < log.end; at += 1) {
        const record = log.records[at]
        if (record == null || !log.counts(at) || completions.isComplete(commit.group, record)) continue
        if (!completions.isVouched(commit.group, record)) break
      }
      return at
    }

    const judgeCommit = (commit: EventOf<'commit'>): Finding | null => {
      const log = logs.at(commit)
      if (commit.phase !== 'applied' || commit.transactional || commit.offset < 0n || !log) return null
      const { delivered } = resumedAt(commit.group, commit)
      const target = log.index(commit.offset)
      const startsThere = !delivered && committed.all(commit.group, commit).length <= 1
      if (startsThere && target <= log.end) {
        resumedAt(commit.group, commit).excused = target
        return null
      }
      const hole = firstHole(commit, log)
      if (target <= hole) return null
      const key = `${commit.group} ${partitionName(commit)} ${hole}`
      if (reported.has(key)) return null
      reported.add(key)
      const who = `${commit.process} committed ${partitionName(commit)} up to ${commit.offset}`
      const record = log.records[hole]
      const message =
        record == null
          ? `${who}, but its last record is ${log.offset(log.end - 1)}`
          : `${who} before ${recordsName(log, log.offset(hole), log.offset(hole))} was processed`
      const elsewhere =
        setting.guarantee.model === 'exactly-once' && sought.get(commit.group, commit) === true
      return seen('commit-ahead', message, {
        events: [record?.append.seq, commit.seq],
        ...(elsewhere ? { diagnosis: true } : {}),
      })
    }

    return {
      on: {
        believes({ process, group, partitions }) {
          for (const at of partitions) resumedAt(group, at).fresh.add(process)
          return null
        },
        seek(event) {
          sought.set(event.group, event, true)
          return null
        },
        'handler-start': (event) => deliver(event, event.offset),
        'batch-start': (event) => deliver(event, event.firstOffset),
        commit: judgeCommit,
      },
    }
  },
})
