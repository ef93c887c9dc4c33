import type { Settings } from './settings.ts'

/**
 * The finalized level of the feature `eligible.leader.replicas.version` (KIP-966): the one that was
 * set, or the one that a new cluster finalizes: 1 where all brokers are of Kafka 4.1, else 0.
 */
export function eligibleLeaderReplicasVersion(settings: Settings): number {
  const set = settings['onceover.eligible.leader.replicas.version']
  if (set >= 0) return set
  const release = settings['onceover.release']
  return release === '' || release.split(',').every((name) => name === '4.1') ? 1 : 0
}
