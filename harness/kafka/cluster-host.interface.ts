import type { Observation } from '../core/history.ts'
import type { Chance } from '../core/seed.ts'
import type { BrokerAddress, Clock } from './cluster.interface.ts'
import type { LeaderBalance } from './leader-balance.ts'
import type { Settings } from './settings.ts'

/** The services of a cluster that its parts use. */
export interface ClusterHost {
  readonly brokers: readonly BrokerAddress[]
  readonly clock: Clock
  readonly chance: Chance
  readonly settings: Settings
  observe(observation: Observation): void
  /** The controller counts on it. */
  isUp(broker: number): boolean
  /** Knows which partitions are not led by their preferred leaders. */
  readonly leaderBalance: LeaderBalance
  /** Whether this broker receives no metadata updates at present. */
  isStale(broker: number): boolean
  /** Brokers whose replicas fetch nothing. */
  readonly isolated: ReadonlySet<number>
  /** The live broker that follows this one in turn, or null when none is left. */
  nextLive(broker: number): number | null
}
