/**
 * What a process was in the middle of when a fault hit, the most telling last: of several, that one
 * counts.
 */
export const PHASES = [
  'idle',
  'fetching',
  'joining',
  'rebalancing',
  'handling',
  'between effect and commit',
  'commit in flight',
  'between commit applied and acknowledged',
] as const
export type Phase = (typeof PHASES)[number]

/** While a record is in the hands of the app or of the client. */
export const IN_HANDS: readonly Phase[] = PHASES.slice(4)
