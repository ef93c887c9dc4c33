import { BEGAN, skipped } from '../../faults/outcome.ts'
import type { Translation } from './world.interface.ts'

export const join: Translation<'join'> = {
  kind: 'join',
  grade: 'exact',
  means: 'one more process, which joins once Node has loaded its client',
  begin: ({ target }, world) => (world.startProcess(target) ? BEGAN : skipped(`${target} was there already`)),
}
