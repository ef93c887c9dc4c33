import { partitionName, recordName } from '../harness/core/event-name.ts'
import type { Finding } from '../harness/core/verdict.ts'
import { property } from './checker.ts'
import { seen } from './finding.ts'
import type { PartitionLog } from './views/log.ts'
import { Unprocessed, type UnprocessedRecord } from './views/unprocessed.ts'
import type { Views } from './views/views.ts'

/**
 * The wish: once the world is quiet, the lag goes to zero.
 *
 * Why the simple rule is wrong: "lag is zero" accuses a client whose very last commit failed and which, like kafkajs,
 * does not commit again until there is a next record: all is processed, and nothing is in the way. It also accuses
 * whoever keeps offsets elsewhere. And a partition that stands still because its consumer is dead is the same defect
 * seen twice.
 *
 * The rule: when the drain ran into its deadline, a partition is stuck if the group stands before a record that it has
 * not completed (see `Unprocessed`; what it is past is lost, not stuck), or if everything is complete and the committed
 * offset is still behind while records were being delivered again in the second half of the drain. Not reported where
 * `dead-consumer` says why: the last owner of the partition, or every process of the group, is dead.
 *
 * Blind spots: a partition whose first record was never asked for because the consumer hung before its first fetch looks
 * like a start at the log's end, and is reported as lost.
 *
 * Source: Jepsen's final polls; liveness mode of TigerBeetle's VOPR (heal, then demand progress).
 */
export const stuckPartition = property({
  name: 'stuck-partition',
  when: 'end',
  open(views) {
    const unprocessed = new Unprocessed(views)

    const finish = (): readonly Finding[] => {
      const { deadline } = views.ending
      if (deadline === null) return []
      const first = new Map<PartitionLog, Map<string, UnprocessedRecord>>()
      for (const each of unprocessed.records()) {
        const log = views.log.at(each.record)
        if (each.state !== 'waiting' || log === undefined) continue
        const groups = first.get(log) ?? new Map<string, UnprocessedRecord>()
        first.set(log, groups)
        if (!groups.has(each.group)) groups.set(each.group, each)
      }
      const findings: Finding[] = []
      for (const [group, log] of unprocessed.partitions()) {
        if (deadOwner(views, group, log)) continue
        const waiting = first.get(log)?.get(group)
        if (waiting !== undefined) findings.push(standing(waiting, deadline.seq))
        else if (goesRound(views, group, log)) {
          const commit = views.committed.of(group, log)
          const at = commit === undefined ? 'nothing' : `${commit.offset}`
          const end = log.offset(log.end)
          const message = `${partitionName(log)} is never done: its records are processed again and again and the group ${group} has committed ${at} of ${end}`
          findings.push(seen('stuck-partition', message, { events: [commit?.seq, deadline.seq] }))
        }
      }
      return findings
    }
    return { on: {}, finish }
  },
})

/** `dead-consumer` has said it. */
function deadOwner({ dead, passages }: Views, group: string, log: PartitionLog): boolean {
  const ends = dead.all().filter((end) => end.group === group)
  if (ends.length === 0) return false
  const { owner } = passages.of(group, log)
  const working = dead.working(group)
  return working.length === 0 || ends.some(({ process }) => process === owner)
}

function standing({ group, record, passage }: UnprocessedRecord, deadline: number): Finding {
  const { lastFailure, lastDelivery, owner } = passage
  const name = recordName(record)
  const events = [record.append.seq, lastDelivery?.seq, lastFailure?.seq, deadline]
  let why = `nobody owns ${partitionName(record)}`
  if (lastFailure !== null) why = `${lastFailure.process} fails on it (${lastFailure.error ?? ''})`
  else if (lastDelivery !== null) why = `${lastDelivery.process} does not finish it`
  else if (owner !== null) why = `${owner} owns ${partitionName(record)} and was never given it`
  return seen('stuck-partition', `the group ${group} never gets past ${name}: ${why}`, { events })
}

/** All is complete, the lag remains, and the group was still busy with it in the second half of the drain. */
function goesRound(
  { committed, passages, ending, completions }: Views,
  group: string,
  log: PartitionLog,
): boolean {
  const passage = passages.of(group, log)
  const commit = committed.of(group, log)
  const end = log.offset(log.end)
  const behind = commit === undefined ? completions.frontier(group, log) > 0 : commit.offset < end
  if (!behind || passage.sought || passage.lastDelivery === null) return false
  if (ending.deadline === null || ending.drain === null) return false
  const half = (ending.deadline.timeUs + ending.drain.timeUs) / 2
  return passage.lastDelivery.timeUs >= half
}
