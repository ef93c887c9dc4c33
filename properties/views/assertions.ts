import { assertionText, type ExpectedAssertion, mustComeTrue } from '../../harness/core/assertion.ts'
import type { Noting, View } from './observing.ts'

/** The app's own assertions that some schedule must see come true. */
export class Assertions implements View {
  readonly #outcomes: Map<string, ExpectedAssertion & { met: boolean }> = new Map()

  readonly noting: Noting = {
    assertion: ({ assertion, message, condition }) => {
      if (!mustComeTrue(assertion)) return
      const key = assertionText({ assertion, message })
      const known = this.#outcomes.get(key)
      if (known === undefined) this.#outcomes.set(key, { assertion, message, met: condition })
      else known.met ||= condition
    },
  }

  /** Those that were reached, and whether they came true. */
  outcomes(): readonly (ExpectedAssertion & { readonly met: boolean })[] {
    return [...this.#outcomes.values()]
  }
}
