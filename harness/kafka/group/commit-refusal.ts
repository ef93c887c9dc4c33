import type { CommitCheck, Group } from './group.interface.ts'

/** Before it, an OffsetCommit to a group that is not there is of a generation that is not there. */
const GROUP_NAMED_FROM = 9

/**
 * The error of a commit to this group, or null. A commit without a generation needs no group
 * (KAFKA.md O3).
 */
export function commitRefusal(group: Group | undefined, check: CommitCheck): string | null {
  if (group !== undefined) {
    const error = group.checkCommit(check)
    return error === 'NONE' ? null : error
  }
  if (check.generation < 0) return null
  const named = check.transactional !== true && (check.version ?? 0) >= GROUP_NAMED_FROM
  return named ? 'GROUP_ID_NOT_FOUND' : 'ILLEGAL_GENERATION'
}
