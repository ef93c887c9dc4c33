import type { FaultBehaviour } from './world.interface.ts'

/** Acts when the workload is appended (harness/run/workload-feed.ts): the record's value is cut in half. */
export const malformedRecord: FaultBehaviour<'malformed-record'> = {
  kind: 'malformed-record',
  timing: 'at-once',
  begin: () => null,
}
