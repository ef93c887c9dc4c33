import { SERVICE_ERROR_CODES } from '../service.ts'
import { fault, network } from './fault.ts'
import { oneOf } from './fields.ts'
import { callAnswered } from './shown-by.ts'
import { call } from './targets.ts'

/** The service refuses the call with an error of its own: 40001 of PostgreSQL, 503 of HTTP. */
export const serviceError = fault({
  kind: 'service-error',
  family: 'service',
  target: call,
  fields: {
    error: oneOf(SERVICE_ERROR_CODES, ({ event }, { serviceErrors }) =>
      event.kind === 'call' ? (serviceErrors[event.service] ?? []) : [],
    ),
  },
  acts: 'armed',
  effect: 'not done; answered with `error`, one of the service’s own',
  words: ({ target, error }) => `answer ${target} with ${error}`,
  shownBy: callAnswered,
  told: ({ target, error }) => network(`${target} is refused with ${error}`),
})
