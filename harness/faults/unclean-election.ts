import { parsePartitionName } from '../core/names.ts'
import { BEGAN, skipped } from './outcome.ts'
import type { FaultBehaviour } from './world.interface.ts'

/**
 * The live replica that is furthest behind leads the partition, in sync or not: what it does not
 * have is lost, however well it was replicated (KAFKA.md L3). With a `replica-lag` before, that is
 * what was committed meanwhile.
 */
export const uncleanElection: FaultBehaviour<'unclean-election'> = {
  kind: 'unclean-election',
  timing: 'next',
  begin({ target }, { cluster }) {
    const at = parsePartitionName(target)
    if (at === null || cluster.leader(at.topic, at.partition) === null)
      return skipped(`there is no leader of ${target}`)
    if (cluster.replicationFactor < 2) return skipped('there is one copy of everything')
    cluster.electUnclean(at.topic, at.partition)
    return BEGAN
  },
}
