import { brokersBeside } from '../clusters.ts'
import { seconds } from '../seconds.ts'
import { fault } from './fault.ts'
import { ms } from './fields.ts'
import { broker, isSent } from './targets.ts'

/** The broker's replicas fetch nothing from their leaders for `durationMs`. */
export const replicaLag = fault({
  kind: 'replica-lag',
  family: 'replication',
  target: broker,
  // Longer and shorter than a broker's `replica.lag.time.max.ms` (30 s), whatever the client.
  fields: { durationMs: ms(() => [45_000, 5_000]) },
  acts: 'lasting',
  stretches: 'surroundings',
  effect: 'its replicas fetch nothing for `durationMs`: writes wait for them, then they are out of sync',
  words: ({ target, durationMs }) => `let the replicas of ${target} fetch nothing for ${seconds(durationMs)}`,
  told: ({ target }) => ({ lane: target, text: 'fetches nothing for its replicas', mark: 'trouble' }),
  // Those that follow the broker that is asked.
  targets: ({ event }, around) => (isSent(event) ? brokersBeside(event.broker, around) : []),
})
