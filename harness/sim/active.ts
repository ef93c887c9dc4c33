import type { Proc } from './process.ts'

/**
 * The process whose event is being worked on, or null. Ticks and microtasks of an event end before
 * the next event, so a stray error that carries no async context belongs to it.
 */
export const active: {
  owner: Proc | null
  /**
   * An error broke the draining of ticks off: the rest of them runs before anything else may
   * happen.
   */
  disturbed: boolean
} = { owner: null, disturbed: false }
