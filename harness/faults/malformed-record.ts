import { BEGAN } from './outcome.ts'
import type { FaultBehaviour } from './world.interface.ts'

/**
 * A producer writes a value that the app does not expect: half of the value, as soon as the record
 * is appended.
 */
export const malformedRecord: FaultBehaviour<'malformed-record'> = {
  kind: 'malformed-record',
  timing: 'at-once',
  prepare({ target }, workload) {
    workload.changeValue(target, (value) => value.subarray(0, value.length >> 1))
  },
  begin: () => BEGAN,
}
