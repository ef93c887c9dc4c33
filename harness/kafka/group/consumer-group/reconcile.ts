import { type Assignment, assignmentOf, holds, intersects, NO_PARTITIONS, pairsOf } from './assignment.ts'
import type { ConsumerMember } from './consumer-member.ts'

export interface TargetOfMember {
  readonly epoch: number
  readonly assignment: Assignment
  /** The partitions that the member claims to own; null where it does not mention them. */
  readonly owned: Assignment | null
  /** Whether some member has this partition, or has not stopped reporting it. */
  isTaken(topicId: string, partition: number): boolean
}

/**
 * One step of a member towards its target (KAFKA.md M4; CurrentAssignmentBuilder): first it gives
 * up what it must not keep, and stays in its epoch until it reports those partitions no longer;
 * then it gets what is free.
 */
export function reconcile(member: ConsumerMember, target: TargetOfMember): ConsumerMember {
  switch (member.state) {
    case 'stable':
      return member.epoch === target.epoch ? member : step(member, member.epoch, target)
    case 'unrevoked':
      return stillOwns(target, member.revoking) ? member : step(member, member.epoch + 1, target)
    case 'unreleased':
      return step(member, member.epoch, target)
  }
}

function stillOwns({ owned }: TargetOfMember, partitions: Assignment): boolean {
  return owned === null || intersects(owned, partitions)
}

function step(member: ConsumerMember, epoch: number, target: TargetOfMember): ConsumerMember {
  const before = [...pairsOf(member.assigned)]
  const kept = before.filter(([topicId, partition]) => holds(target.assignment, topicId, partition))
  const dropped = before.filter(([topicId, partition]) => !holds(target.assignment, topicId, partition))
  const missing = [...pairsOf(target.assignment)].filter(
    ([topicId, partition]) => !holds(member.assigned, topicId, partition),
  )
  const free = missing.filter(([topicId, partition]) => !target.isTaken(topicId, partition))
  const revoking = assignmentOf(dropped)
  const previousEpoch = member.epoch
  if (dropped.length > 0 && stillOwns(target, revoking))
    return { ...member, state: 'unrevoked', epoch, previousEpoch, assigned: assignmentOf(kept), revoking }
  return {
    ...member,
    state: free.length < missing.length ? 'unreleased' : 'stable',
    epoch: target.epoch,
    previousEpoch,
    assigned: assignmentOf([...kept, ...free]),
    revoking: NO_PARTITIONS,
  }
}
