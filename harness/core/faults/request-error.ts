import { errorsAt, INJECTABLE_ERRORS } from './broker-errors.ts'
import { fault, network } from './fault.ts'
import { oneOf } from './fields.ts'
import { answered } from './shown-by.ts'
import { request } from './targets.ts'
import { andTheNext, inARow } from './times.ts'

/**
 * The request is not applied, and answered with this error; if `times` is given, so are those of
 * its sort that follow.
 */
export const requestError = fault({
  kind: 'request-error',
  family: 'broker',
  target: request,
  fields: { error: oneOf(INJECTABLE_ERRORS, errorsAt), times: inARow },
  acts: 'armed',
  // A client repairs the first by itself; the other reaches the app, and a second try is no cure.
  detour: [{}, { error: 'UNKNOWN_SERVER_ERROR', times: 3 }],
  effect:
    'not applied; answered with `error`, and so are those of its sort that follow, `times` in all or `until-given-up`',
  words: ({ target, error, times }) => `answer ${target}${andTheNext(times)} with ${error}`,
  shownBy: answered,
  told: ({ target, error, times }) => network(`${target}${andTheNext(times)} is refused with ${error}`),
})
