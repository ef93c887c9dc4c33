import { channel } from 'node:diagnostics_channel'
import { ASSERTION_CHANNEL, type AssertionCall, type AssertionName } from '../core/assertion.ts'

/** Whatever helps to understand a call: shown where the assertion fails. */
export type AssertionDetails = Readonly<Record<string, unknown>>

const calls = channel(ASSERTION_CHANNEL)

function tell(
  assertion: AssertionName,
  condition: boolean,
  message: string,
  details: AssertionDetails | undefined,
): void {
  if (!calls.hasSubscribers) return
  const call: AssertionCall = { assertion, condition: Boolean(condition), message, details }
  calls.publish(call)
}

/**
 * The condition is true whenever this is reached, and it is reached in some schedule. A false one
 * is a violation, with its story and replay file; nothing is thrown. Outside of a simulation this
 * does nothing.
 * @param message names the assertion: the same text is the same assertion
 */
export function always(condition: boolean, message: string, details?: AssertionDetails): void {
  tell('always', condition, message, details)
}

/** As `always`, but it need not be reached. */
export function alwaysOrUnreachable(condition: boolean, message: string, details?: AssertionDetails): void {
  tell('alwaysOrUnreachable', condition, message, details)
}

/**
 * The condition is true in some schedule. A check in which it never came true is undecided: the
 * schedules did not reach what they were to test.
 */
export function sometimes(condition: boolean, message: string, details?: AssertionDetails): void {
  tell('sometimes', condition, message, details)
}

/** This line is reached in some schedule; else the check is undecided. */
export function reachable(message: string, details?: AssertionDetails): void {
  tell('reachable', true, message, details)
}

/** This line is never reached; to reach it is a violation. */
export function unreachable(message: string, details?: AssertionDetails): void {
  tell('unreachable', false, message, details)
}
