import { SERVICE_ERROR_CODES } from '../service.ts'
import { fault, network } from './fault.ts'
import { oneOf } from './fields.ts'
import { callAnswered } from './shown-by.ts'
import { call } from './targets.ts'
import { andTheNext, inARow } from './times.ts'

/**
 * The service refuses the call with an error of its own: 40001 of PostgreSQL, 503 of HTTP; `times`
 * of its sort in a row, if given.
 */
export const serviceError = fault({
  kind: 'service-error',
  family: 'service',
  target: call,
  fields: {
    error: oneOf(SERVICE_ERROR_CODES, ({ event }, { serviceErrors }) =>
      event.kind === 'call' ? (serviceErrors[event.service] ?? []) : [],
    ),
    times: inARow,
  },
  acts: 'armed',
  detour: [{}],
  effect:
    'not done; answered with `error`, one of the service’s own, and so are those of its sort that follow, `times` in all or `until-given-up`',
  words: ({ target, error, times }) => `answer ${target}${andTheNext(times)} with ${error}`,
  shownBy: callAnswered,
  told: ({ target, error, times }) => network(`${target}${andTheNext(times)} is refused with ${error}`),
})
