import type { EventOf } from '../harness/core/history.ts'

interface KnownProcesses {
  /** Those that were members. */
  readonly members: Set<string>
  /** Those that were told what they own. */
  readonly owners: Set<string>
  newcomerSeq: number
}

/**
 * When a group last got a member of a process that it had never had, while others were there: the
 * second process of a service is never started at the very instant of the first, and what the first
 * has in hand is given out again, to either. No consumer can prevent that. It is so when the group
 * counts the newcomer in, and when that is told what it owns, which may be much later. One that
 * comes back is no newcomer: why it went may be the consumer's own doing.
 */
export class Newcomers {
  readonly #groups: Map<string, KnownProcesses> = new Map()

  count({ group, members, seq }: EventOf<'generation'>): null {
    const known = this.#of(group)
    for (const { process } of members) note(known, known.members, process, seq)
    return null
  }

  own({ group, process, seq }: EventOf<'believes'>): null {
    const known = this.#of(group)
    note(known, known.owners, process, seq)
    return null
  }

  /** Whether one came to any of these groups after the event with this number. */
  cameAfter(seq: number, groups: readonly string[]): boolean {
    return groups.some((group) => (this.#groups.get(group)?.newcomerSeq ?? -1) > seq)
  }

  #of(group: string): KnownProcesses {
    let known = this.#groups.get(group)
    if (known === undefined) {
      known = { members: new Set(), owners: new Set(), newcomerSeq: -1 }
      this.#groups.set(group, known)
    }
    return known
  }
}

function note(processes: KnownProcesses, known: Set<string>, process: string, seq: number): void {
  if (known.has(process)) return
  if (known.size > 0) processes.newcomerSeq = seq
  known.add(process)
}
