import { skipped } from '../../faults/outcome.ts'
import type { Translation } from './world.interface.ts'

export const uncleanElection: Translation<'unclean-election'> = {
  kind: 'unclean-election',
  grade: 'not applicable',
  means: 'which replica is how far behind cannot be chosen on a real cluster',
  begin: () => skipped('it has no counterpart on a real cluster'),
}
