/** Undoes the fault; called after the fault's duration, or when the drain begins. */
export type Heal = () => void

/** The result of a fault's beginning. */
export type FaultStart =
  /** The fault acts or has acted; `heal` ends one that lasts. */
  | { readonly began: true; readonly heal?: Heal }
  /** The fault could not act, for this reason. */
  | { readonly skipped: string }

export const BEGAN: FaultStart = { began: true }

export function until(heal: Heal): FaultStart {
  return { began: true, heal }
}

export function skipped(reason: string): { readonly skipped: string } {
  return { skipped: reason }
}
