/** Undoes the fault; called after the fault's duration, or when the drain begins. */
export type Heal = () => void

/** What came of a fault's beginning. */
export type Outcome =
  /** The fault acts or has acted; `heal` ends one that lasts. */
  | { readonly began: true; readonly heal?: Heal }
  /** The fault could not act, for this reason. */
  | { readonly skipped: string }

export const BEGAN: Outcome = { began: true }

export function until(heal: Heal): Outcome {
  return { began: true, heal }
}

export function skipped(reason: string): Outcome {
  return { skipped: reason }
}
