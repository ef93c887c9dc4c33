import { seconds } from '../seconds.ts'
import { outages } from './durations.ts'
import { fault } from './fault.ts'
import { ms } from './fields.ts'
import { broker } from './targets.ts'

/** The broker's machine is gone: connections are reset, its work moves to live brokers. */
export const brokerDown = fault({
  kind: 'broker-down',
  family: 'broker',
  target: broker,
  fields: { durationMs: ms(outages) },
  acts: 'lasting',
  spansSessions: true,
  stretches: 'surroundings',
  effect: 'its connections are reset, its work moves to live brokers, for `durationMs`',
  words: ({ target, durationMs }) => `take ${target} down for ${seconds(durationMs)}`,
  told: ({ target }) => ({ lane: target, text: 'goes down', mark: 'crash' }),
})
