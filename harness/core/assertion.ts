/**
 * Node's diagnostics channel over which `onceover/assert` tells what it was called with. A channel
 * is found by its name: the app may have a copy of the package of its own.
 */
export const ASSERTION_CHANNEL = 'onceover.assertion'

export const ASSERTIONS = ['always', 'alwaysOrUnreachable', 'sometimes', 'reachable', 'unreachable'] as const
export type AssertionName = (typeof ASSERTIONS)[number]

/** One call of an assertion, as the channel carries it. */
export interface AssertionCall {
  readonly assertion: AssertionName
  readonly condition: boolean
  readonly message: string
  readonly details?: unknown
}

/** Assertions that a check must see come true once, in some schedule. */
const MUST_COME_TRUE: ReadonlySet<AssertionName> = new Set(['always', 'sometimes', 'reachable'])
/** Assertions that are violated where their condition is false. */
const MUST_NOT_FAIL: ReadonlySet<AssertionName> = new Set(['always', 'alwaysOrUnreachable', 'unreachable'])

export function mustComeTrue(assertion: AssertionName): boolean {
  return MUST_COME_TRUE.has(assertion)
}

/**
 * Whether it is something that a search should bring about, and go on from: `always` comes true in
 * any run that passes it.
 */
export function isGoal(assertion: AssertionName): boolean {
  return mustComeTrue(assertion) && !mustNotFail(assertion)
}

export function mustNotFail(assertion: AssertionName): boolean {
  return MUST_NOT_FAIL.has(assertion)
}

/** An assertion that a check must see come true, as the app's code has it. */
export interface ExpectedAssertion {
  readonly assertion: AssertionName
  readonly message: string
}

/** `sometimes 'a retry succeeded'` */
export function assertionText({ assertion, message }: ExpectedAssertion): string {
  return `${assertion} '${message}'`
}
