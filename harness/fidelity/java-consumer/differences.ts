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
]

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
