import { skipped } from '../../faults/outcome.ts'
import type { Translation } from './world.interface.ts'

export const serviceDisconnect: Translation<'service-disconnect'> = {
  kind: 'service-disconnect',
  grade: 'not applicable',
  means: 'the services of a scenario are simulated only: a replay has no database or HTTP service yet',
  begin: () => skipped('it has no counterpart on a real cluster'),
}
