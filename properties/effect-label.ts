import { cut } from '../harness/core/error-text.ts'

/** An effect's label may be as long as an app likes. */
const LABEL_LETTERS = 100

export function labelTold({ label }: { readonly label: string }): string {
  return cut(label, LABEL_LETTERS)
}
