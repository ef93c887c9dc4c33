export interface KnownDifference {
  readonly what: string
  readonly why: string
  /** Whether a first line that differs is of this kind. @param before the lines that agree */
  matches(java: string, ours: string, before: readonly string[]): boolean
}

/** Differences between the poll loop and Java's consumer that are known, and the reason. */
export const DIFFERENCES: readonly KnownDifference[] = [
  {
    what: 'the poll loop completes a cooperative join that Java repeats',
    why: 'its requests go on between two calls of poll; Java, which reads answers in poll only, sends its SyncGroup too late and joins again without a callback',
    matches: (java, ours) => / settle: /.test(java) && withoutEmpty(java) === withoutEmpty(ours),
  },
  {
    what: 'a partition that is out of range is told before the records of others, not after them',
    why: 'the policy is none: Java goes through the partitions in the order of its hash map, and throws where the refused one comes first; the poll loop returns all records first',
    matches: (java, ours) => {
      const told = java.endsWith(OUT_OF_RANGE) && ours.endsWith(OUT_OF_RANGE)
      return told && / drain: $/.test(java.slice(0, -OUT_OF_RANGE.length)) && RECORDS_FIRST.test(ours)
    },
  },
  {
    what: 'Java 4 joins again when the connection to its only broker breaks',
    why: 'metadata.recovery.strategy is rebootstrap there: with no broker left that it could ask, it begins again with its bootstrap addresses, forgets its topics, takes that for a change of theirs, and joins; with `none`, with a second broker, and before 4.0 it does not, nor does the poll loop',
    matches: (java, ours, before) => {
      if (!before.some((line) => line.startsWith('fault Fetch disconnect'))) return false
      const [theirs, own] = [drained(java), drained(ours)]
      if (theirs === null || own === null) return false
      const [revoked, assigned] = theirs.callbacks.slice(-2)
      if (revoked?.replace('revoked', 'assigned') !== assigned) return false
      return same(theirs.callbacks.slice(0, -2), own.callbacks) && endsWithAll(theirs.records, own.records)
    },
  },
  {
    what: 'what poll returns between a commit that is refused and the join that follows',
    why: 'an answer to Fetch and the refusal of a commit are under way at once: the records are returned, once more after the join, where the answer is read first; neither client repeats itself there',
    matches: (java, ours, before) => {
      if (!before.some((line) => REFUSED.test(line))) return false
      const [theirs, own] = [drained(java), drained(ours)]
      if (theirs === null || own === null || !same(theirs.callbacks, own.callbacks)) return false
      if (!theirs.callbacks.some((each) => /^(?:lost|revoked) /.test(each))) return false
      return sameAfterJoin(theirs.records, own.records)
    },
  },
]

const REFUSED =
  /^fault (?:OffsetCommit|Heartbeat) error (?:ILLEGAL_GENERATION|UNKNOWN_MEMBER_ID|REBALANCE_IN_PROGRESS)/

/** The records of each partition that a drain gave, and its callbacks. */
interface Drained {
  readonly records: ReadonlyMap<string, readonly string[]>
  readonly callbacks: readonly string[]
}

/** Null: the line is of another step, or ends with an exception. */
function drained(line: string): Drained | null {
  const [, observed] = line.split(' drain: ')
  if (observed === undefined || /Exception$/.test(line)) return null
  const parts = observed.split(' | ')
  const records = /^\d+:/.test(parts[0] ?? '') ? (parts.shift() ?? '').split(' ') : []
  return {
    records: new Map(
      records.map((each) => {
        const [partition = '', offsets = ''] = each.split(':')
        return [partition, offsets.split(',')]
      }),
    ),
    callbacks: parts,
  }
}

function same(one: readonly string[], other: readonly string[]): boolean {
  return one.join(' | ') === other.join(' | ')
}

function endsWith(whole: readonly string[], end: readonly string[]): boolean {
  return end.length > 0 && same(whole.slice(-end.length), end)
}

/** The second's records are the last ones of the first. */
function endsWithAll(whole: Drained['records'], end: Drained['records']): boolean {
  return [...end].every(([partition, offsets]) => endsWith(whole.get(partition) ?? [], offsets))
}

/** One has more in front, which is all there once more behind it. */
function sameAfterJoin(one: Drained['records'], other: Drained['records']): boolean {
  return [...new Set([...one.keys(), ...other.keys()])].every((partition) => {
    const [first, second] = [one.get(partition) ?? [], other.get(partition) ?? []]
    const last = first.slice(-new Set(first).size)
    return (
      new Set(last).size === last.length && endsWith(second, last) && new Set(second).size === last.length
    )
  })
}

const OUT_OF_RANGE = 'OffsetOutOfRangeException'
const RECORDS_FIRST = / drain: (?:\d+:[\d,]+ )+\| OffsetOutOfRangeException$/

/** Callbacks that gave nothing are left out, whatever separates the observations. */
function withoutEmpty(line: string): string {
  const parts = line.split(/\s*;\s*/).map((part) =>
    part
      .split(/\s*\|\s*|, /)
      .map((each) => each.trim())
      .filter((each) => each !== '' && each !== 'assigned')
      .join(' | '),
  )
  return parts.join(' ; ')
}
