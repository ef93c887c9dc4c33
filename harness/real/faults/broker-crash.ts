import { skipped } from '../../faults/outcome.ts'
import type { Translation } from './world.interface.ts'

export const brokerCrash: Translation<'broker-crash'> = {
  kind: 'broker-crash',
  grade: 'not applicable',
  means: 'a process that is killed loses nothing: what it wrote is in the page cache of a machine that lives',
  begin: () => skipped('it has no counterpart on a real cluster'),
}
