/**
 * Tests that are known to fail, and why; any other failure is new. One that passes again is said,
 * and its line goes.
 */
export const EXPECTED: readonly { readonly suite: RegExp; readonly test: RegExp; readonly why: string }[] = []
