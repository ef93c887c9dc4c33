import { seconds } from '../seconds.ts'
import { outages } from './durations.ts'
import { fault } from './fault.ts'
import { ms } from './fields.ts'
import { broker } from './targets.ts'

/**
 * The broker's machine loses power: what was not flushed is gone. Only where partitions have
 * several replicas.
 */
export const brokerCrash = fault({
  kind: 'broker-crash',
  family: 'replication',
  target: broker,
  fields: { durationMs: ms(outages) },
  acts: 'lasting',
  stretches: 'surroundings',
  effect: 'as `broker-down`, and its replicas lose what they had not flushed (`onceover.log.flush.ms`)',
  words: ({ target, durationMs }) => `take the power from ${target} for ${seconds(durationMs)}`,
  told: ({ target }) => ({ lane: target, text: 'loses its power', mark: 'crash' }),
})
