import { seconds } from '../seconds.ts'
import { fault } from './fault.ts'
import { ms } from './fields.ts'
import { service } from './targets.ts'

/** The service is restarted: connections are reset, new ones refused; what is committed stays. */
export const serviceDown = fault({
  kind: 'service-down',
  family: 'service',
  target: service,
  fields: { durationMs: ms(({ longExpelledMs, outlastingMs }) => [2_000, longExpelledMs, ...outlastingMs]) },
  acts: 'lasting',
  spansSessions: true,
  stretches: 'surroundings',
  effect: 'its connections are reset and new ones refused for `durationMs`; what is committed stays',
  words: ({ target, durationMs }) => `take ${target} down for ${seconds(durationMs)}`,
  told: ({ target }) => ({ lane: target, text: 'goes down', mark: 'crash' }),
})
