import { errorsAt, INJECTABLE_ERRORS } from './broker-errors.ts'
import { fault, network } from './fault.ts'
import { oneOf } from './fields.ts'
import { answered } from './shown-by.ts'
import { request } from './targets.ts'

/** The request is not applied, and answered with this error. */
export const requestError = fault({
  kind: 'request-error',
  family: 'broker',
  target: request,
  fields: { error: oneOf(INJECTABLE_ERRORS, errorsAt) },
  acts: 'armed',
  effect: 'not applied; answered with `error`',
  words: ({ target, error }) => `answer ${target} with ${error}`,
  shownBy: answered,
  told: ({ target, error }) => network(`${target} is refused with ${error}`),
})
