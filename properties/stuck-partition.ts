import type { EventOf, RecordPosition } from '../harness/core/history.ts'
import { partitionName, recordName } from '../harness/core/names.ts'
import type { Finding } from '../harness/core/verdict.ts'
import { property } from './checker.ts'
import { seen } from './finding.ts'
import type { PartitionRecords } from './views/log.ts'
import { Unprocessed, type UnprocessedRecord } from './views/unprocessed.ts'
import type { Views } from './views/views.ts'

/**
 * The wish: once the world is quiet, the lag goes to zero.
 *
 * Why the simple rule is wrong: "lag is zero" accuses a client whose very last commit failed and
 * which, like kafkajs, does not commit again until there is a next record: all is processed, and
 * nothing is in the way. It also accuses apps that keep offsets elsewhere. And a partition that
 * stands still because its consumer is dead is the same defect seen twice.
 *
 * The rule: when the drain ran into its deadline, a partition is stuck if the group stands before a
 * record that it has not completed (see `Unprocessed`; what it is past is lost, not stuck), or if
 * everything is complete and the committed offset is still behind while records were being
 * delivered again in the second half of the drain. Whenever the drain ended, it is stuck too if the
 * last commit of the process that was given the last record was accepted, was sent after that
 * process had processed it without failing, and is nevertheless too low. Not reported where
 * `dead-consumer` says why: the last owner of the partition, or every process of the group, is
 * dead.
 *
 * Blind spots: a commit that is held back although all is complete, unless it is the last word of a
 * process that was given the last record; a history without requests says nothing of last words.
 *
 * Source: Jepsen's final polls; liveness mode of TigerBeetle's VOPR (heal, then demand progress).
 */
export const stuckPartition = property({
  name: 'stuck-partition',
  when: 'end',
  open(views) {
    const unprocessed = new Unprocessed(views)

    const finish = (): readonly Finding[] => {
      const { deadline, reached } = views.ending
      if (!reached) return []
      const first = deadline === null ? [] : firstWaiting(unprocessed)
      const findings: (Finding | null)[] = []
      for (const [group, log] of unprocessed.partitions()) {
        if (deadOwner(views, group, log)) continue
        const waiting = first.find(
          (each) => each.group === group && partitionName(each.record) === partitionName(log),
        )
        if (waiting !== undefined && deadline !== null) findings.push(standing(waiting, deadline.seq))
        else findings.push(goesRound(views, group, log) ?? stopsShort(views, group, log))
      }
      return findings.filter((finding) => finding !== null)
    }
    return { on: {}, finish }
  },
})

/** The first record of each group and partition that the group stands before. */
function firstWaiting(unprocessed: Unprocessed): UnprocessedRecord[] {
  const seenAlready = new Set<string>()
  return [...unprocessed.records()].filter(({ group, record, state }) => {
    const key = `${group} ${partitionName(record)}`
    if (state !== 'waiting' || seenAlready.has(key)) return false
    seenAlready.add(key)
    return true
  })
}

/** `dead-consumer` has said it. */
function deadOwner({ dead, passages }: Views, group: string, log: PartitionRecords): boolean {
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
  const about = { group, records: [name] }
  const who = group === '' ? 'the consumer without a group' : `the group ${group}`
  const text = (why: string): string => `${who} never gets past ${name}: ${why}`
  if (lastFailure !== null && isOf(lastFailure, record))
    return seen('stuck-partition', text(`${lastFailure.process} fails on it (${lastFailure.error ?? ''})`), {
      events,
      about,
    })
  if (lastDelivery !== null && isOf(lastDelivery, record))
    return seen('stuck-partition', text(`${lastDelivery.process} does not finish it`), { events, about })
  const why = owner === null ? `nobody owns ${partitionName(record)}` : 'it is not finished'
  return seen('stuck-partition', text(why), { events, about })
}

/** Whether a delivery or a failure is about this very record. */
function isOf(
  event: EventOf<'handler-start' | 'batch-start' | 'handler-failure' | 'batch-end' | 'effect-failure'>,
  { offset }: RecordPosition,
): boolean {
  return 'offset' in event
    ? event.offset === offset
    : event.firstOffset <= offset && offset <= event.lastOffset
}

/**
 * All is complete, the lag remains, and the group was still busy with it in the second half of the
 * drain.
 */
function goesRound(
  { committed, passages, ending, completions }: Views,
  group: string,
  log: PartitionRecords,
): Finding | null {
  const passage = passages.of(group, log)
  const commit = committed.of(group, log)
  const end = log.offset(log.end)
  const behind = commit === undefined ? completions.frontier(group, log) > 0 : commit.offset < end
  if (!behind || passage.sought || passage.lastDelivery === null) return null
  if (ending.deadline === null || ending.drain === null) return null
  const half = (ending.deadline.timeUs + ending.drain.timeUs) / 2
  if (passage.lastDelivery.timeUs < half) return null
  const at = commit === undefined ? 'nothing' : `${commit.offset}`
  const message = `${partitionName(log)} is never done: its records are processed again and again and the group ${group} has committed ${at} of ${end}`
  return seen('stuck-partition', message, {
    events: [commit?.seq, passage.lastDelivery.seq, ending.deadline.seq],
    about: { group },
  })
}

/**
 * The last word of the last process that was given anything was a commit below what it had
 * processed itself by then. It had its chance: the lag will never go to 0.
 */
function stopsShort(
  { committed, passages, lastCommits }: Views,
  group: string,
  log: PartitionRecords,
): Finding | null {
  const { lastDelivery, lastFailure, sought } = passages.of(group, log)
  const commit = committed.of(group, log)
  if (commit?.kind !== 'commit' || lastDelivery === null || sought) return null
  const sent = lastCommits.lastAttempt(commit)
  const effect = lastCommits.lastEffect(commit.process, log)
  if (sent === undefined || effect === undefined || effect.incarnation !== commit.incarnation) return null
  const isLast = log.next(log.index(effect.offset) + 1) === log.end
  const chance = lastDelivery.seq < effect.seq && effect.seq < sent.seq && effect.offset >= commit.offset
  // The effect happened and yet its handler failed (the store's answer was lost): it may not commit
  // that one.
  const failed = lastFailure !== null && effect.seq < lastFailure.seq && lastFailure.seq < sent.seq
  if (!isLast || !chance || failed) return null
  const message = `${commit.process} processed ${recordName(effect)} and then committed offset ${commit.offset} of ${partitionName(log)}: the lag of the group ${group} stays`
  return seen('stuck-partition', message, { events: [effect.seq, sent.seq, commit.seq], about: { group } })
}
