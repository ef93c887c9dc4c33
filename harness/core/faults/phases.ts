/**
 * The phases of work in which a fault can hit a process, the most telling last: that one counts
 * where several apply.
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
