import { skipped } from '../../faults/outcome.ts'
import type { Translation } from './world.interface.ts'

export const replicaLag: Translation<'replica-lag'> = {
  kind: 'replica-lag',
  grade: 'not applicable',
  means: 'the traffic between brokers goes through no gate',
  begin: () => skipped('it has no counterpart on a real cluster'),
}
