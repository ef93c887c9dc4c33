import { BEGAN } from '../../faults/outcome.ts'
import type { Translation } from './world.interface.ts'

export const malformedRecord: Translation<'malformed-record'> = {
  kind: 'malformed-record',
  grade: 'exact',
  means: 'the value is cut in half when it is appended',
  begin: () => BEGAN,
}
