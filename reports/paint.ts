/** How to mark text: picocolors where colour is on, the identity where it is off. */
export interface Paint {
  red(text: string): string
  green(text: string): string
  yellow(text: string): string
  bold(text: string): string
  dim(text: string): string
}

const same = (text: string): string => text
export const PLAIN: Paint = { red: same, green: same, yellow: same, bold: same, dim: same }

/** Colours and columns of the place that a report is printed to. */
export interface Page {
  readonly paint: Paint
  /** Columns; lines are broken between words. Infinity: never. */
  readonly width: number
}

/** For files, test failures and samples. */
export const PLAIN_PAGE: Page = { paint: PLAIN, width: 110 }
