import { skipped } from '../../faults/outcome.ts'
import type { Translation } from './world.interface.ts'

export const clockDrift: Translation<'clock-drift'> = {
  kind: 'clock-drift',
  grade: 'not applicable',
  means: 'the processes of a replay share the clock of one machine',
  begin: () => skipped('it has no counterpart on a real cluster'),
}
