/** One part of a search that several machines share. */
export interface Shard {
  /** 1, 2, … up to `of`. */
  readonly index: number
  readonly of: number
}

/** Whether this part runs the schedule of that number. All parts run number 0, without faults. */
export function isOwn(number: number, shard: Shard | undefined): boolean {
  return shard === undefined || number === 0 || (number - 1) % shard.of === shard.index - 1
}

/** How many of so many schedules this part runs. */
export function ownRuns(runs: number, shard: Shard | undefined): number {
  if (shard === undefined || runs === 0) return runs
  return 1 + Math.max(0, Math.ceil((runs - shard.index) / shard.of))
}
