import { fault, harness } from './fault.ts'
import { partition } from './targets.ts'

/** An operator deletes all records that are there, read or not. */
export const recordsDeleted = fault({
  kind: 'records-deleted',
  family: 'operator',
  target: partition,
  acts: 'instant',
  effect: 'all of its records are deleted, read or not: a consumer that is behind is out of range',
  words: ({ target }) => `delete the records of ${target}`,
  told: ({ target }) => harness(`all records of ${target} are deleted`),
})
