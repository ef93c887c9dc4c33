import type { Observation } from '../../core/history.ts'
import { brokerName } from '../../core/names.ts'
import { createChance } from '../../core/seed.ts'
import type { Cluster, RequestHooks } from '../cluster.interface.ts'
import { createCluster } from '../cluster.ts'
import { Line } from './line.ts'
import { ManualClock } from './manual-clock.ts'
import { sessionPipe } from './session-pipe.ts'

/** A simulated cluster on a manual clock. */
export interface ProbeWorld {
  readonly clock: ManualClock
  readonly cluster: Cluster
  readonly observations: Observation[]
  /** A connection of a client on this host to this broker. */
  connect(process?: string, brokerId?: number, clientId?: string): Line
}

/** Brokers 0, 1, … with these settings. */
export function createWorld({
  brokers = 1,
  settings = {},
  hooks = {},
}: {
  brokers?: number
  settings?: Readonly<Record<string, string | number | boolean>>
  hooks?: RequestHooks
} = {}): ProbeWorld {
  const clock = new ManualClock()
  const observations: Observation[] = []
  const cluster = createCluster({
    brokers: Array.from({ length: brokers }, (_, id) => ({ id, host: brokerName(id), port: 9092 })),
    clock,
    chance: createChance('t'),
    observer: { observe: (observation) => void observations.push(observation) },
    hooks,
    settings,
  })
  return {
    clock,
    cluster,
    observations,
    connect: (process = 'client-0', brokerId = 0, clientId = 'client') =>
      new Line(sessionPipe(cluster, brokerId, { process, incarnation: 1 }), clientId),
  }
}
