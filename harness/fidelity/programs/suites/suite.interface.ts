/** The results of another project's tests against `onceover serve`. */
export interface Results {
  readonly passed: readonly string[]
  readonly failed: readonly TestFailure[]
  readonly skipped: readonly string[]
}

export interface TestFailure {
  readonly test: string
  /** The end of what it printed. */
  readonly why: string
}

/** A suite with all that it needs, or why it cannot be had here. */
export type Suite =
  | { readonly name: string; run(): Promise<Results> }
  | { readonly name: string; readonly skipped: string }
