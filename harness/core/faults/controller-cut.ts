import { seconds } from '../seconds.ts'
import { different } from './durations.ts'
import { fault } from './fault.ts'
import { ms } from './fields.ts'
import { broker } from './targets.ts'

/**
 * The broker and the controller hear nothing of each other for `durationMs`: the broker keeps
 * working with the metadata it has; after 9 s its partitions and groups move, and it does not
 * notice until the cut ends. Only where partitions have several replicas.
 */
export const controllerCut = fault({
  kind: 'controller-cut',
  family: 'replication',
  target: broker,
  // Longer than a session, longer than a broker's with its controller (9 s), and shorter.
  fields: { durationMs: ms(({ longExpelledMs }) => different(longExpelledMs, 20_000, 5_000)) },
  acts: 'lasting',
  spansSessions: true,
  stretches: 'surroundings',
  effect:
    'it and the controller hear nothing of each other for `durationMs`: it keeps working with the metadata it has, and after `broker.session.timeout.ms` (9 s) its partitions and groups move, which it does not notice: for a while two brokers lead, and two coordinate',
  words: ({ target, durationMs }) => `cut ${target} from the controller for ${seconds(durationMs)}`,
  told: ({ target }) => ({ lane: target, text: 'hears nothing of the controller', mark: 'trouble' }),
})
