import { type Named, nameOf } from './table.ts'

const OLD = 'Older clients are served, too, as the releases before 4 do.'
const DROPPED = 'Kafka 4 has dropped it (KIP-896).'
const ELIGIBLE = 'Before 4.1 there are no eligible leader replicas (KIP-966).'
const NEW = 'Kafka 4 answers so.'
const OLD_COORDINATOR =
  'Before Kafka 4 a coordinator tells that a commit timed out, and answers heartbeats meanwhile.'

/**
 * Why the simulation differs from a release, by the behaviour's row and title: each of these is
 * known and wanted.
 */
const REASONS: Readonly<Record<string, string>> = {
  'T7 OffsetCommit 1 is gone': OLD,
  'T7 OffsetFetch 0 is gone': OLD,
  'T7 Produce 2 is gone': DROPPED,
  'T7 Fetch 3 is gone': DROPPED,
  'L3 nobody leads while nobody that was in sync is there': ELIGIBLE,
  'L3 a replica that drops out below min.insync.replicas stays eligible': ELIGIBLE,
  'L3 a replica that was not shut down cleanly is no longer eligible, and the last leader leads again':
    ELIGIBLE,
  'C4 what a coordinator that is cut from the controller writes is not replicated, and holds up what follows':
    OLD_COORDINATOR,
  'G DescribeGroups 6 of no group': NEW,
  'S what may be done with a group': NEW,
  'O4 generation 0 in no group, version 9': NEW,
}

/** Why this one differs, or null where it must not. */
export function reasonOf(behaviour: Named): string | null {
  return REASONS[nameOf(behaviour)] ?? null
}
