const OLD = 'Older clients are served, too, as the releases before 4 do.'

/** Why the simulation differs from a release, by the behaviour's row and title: each of these is known and wanted. */
export const REASONS: Readonly<Record<string, string>> = {
  'T7 OffsetCommit 1 is gone': OLD,
  'T7 OffsetFetch 0 is gone': OLD,
}
