/** Why the simulation differs from a release, by the behaviour's row and title: each of these is known and wanted. */
export const REASONS: Readonly<Record<string, string>> = {}
