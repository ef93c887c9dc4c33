import { BEGAN } from '../../faults/outcome.ts'
import { moveLeader } from '../cluster/leaders.ts'
import { offsetsPartitionOf } from '../cluster/offsets-topic.ts'
import type { Translation } from './world.interface.ts'

export const coordinatorMoved: Translation<'coordinator-moved'> = {
  kind: 'coordinator-moved',
  grade: 'exact',
  brokersMin: 2,
  means: "the leader of the group's partition of __consumer_offsets moves",
  begin({ target }, { busy, cluster }) {
    busy.add(async () => moveLeader(cluster, await offsetsPartitionOf(cluster, target)))
    return BEGAN
  },
}
