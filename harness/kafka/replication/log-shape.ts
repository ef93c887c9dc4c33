/**
 * The shape of a log, which tells two logs of one partition apart: an offset in an epoch is one and
 * the same record on every replica.
 */
export interface LogShape {
  /** In ascending order. */
  readonly epochs: readonly { readonly epoch: number; readonly start: bigint }[]
  readonly end: bigint
}

/** The offset from which on two logs of one partition are not the same (KIP-101). */
export function partingOf(one: LogShape, other: LogShape): bigint {
  let same = 0
  while (same < one.epochs.length && same < other.epochs.length) {
    const [mine, theirs] = [one.epochs[same], other.epochs[same]]
    if (mine?.epoch !== theirs?.epoch || mine?.start !== theirs?.start) break
    same += 1
  }
  const endOf = ({ epochs, end }: LogShape): bigint => epochs[same]?.start ?? end
  const [mine, theirs] = [endOf(one), endOf(other)]
  return mine < theirs ? mine : theirs
}
