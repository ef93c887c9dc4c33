/** Undoes the fault; called after the fault's duration, or when the drain begins. */
export type Heal = () => void

/** What came of a fault's beginning. */
export type Outcome =
  /** It acts or has acted; `heal` is there where it lasts. */
  | { readonly began: true; readonly heal?: Heal }
  /** It could not act: this is reported. */
  | { readonly skipped: string }

export const BEGAN: Outcome = { began: true }

export function until(heal: Heal): Outcome {
  return { began: true, heal }
}

export function skipped(reason: string): Outcome {
  return { skipped: reason }
}
