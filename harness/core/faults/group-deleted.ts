import { seconds } from '../seconds.ts'
import { fault, harness } from './fault.ts'
import { ms } from './fields.ts'
import { group } from './targets.ts'

/** An operator stops the consumers, deletes their group, and starts them again. */
export const groupDeleted = fault({
  kind: 'group-deleted',
  family: 'operator',
  target: group,
  fields: { durationMs: ms(() => [10_000, 60_000]) },
  acts: 'lasting',
  effect:
    'its processes are stopped; after `durationMs` it is deleted with its offsets, if it has no members, and they start again: their reset policy decides',
  words: ({ target }) => `delete the group ${target}`,
  afterwards: ({ durationMs }) => `, with its processes stopped for ${seconds(durationMs)}`,
  told: ({ target }) => harness(`an operator stops the processes of ${target}, to delete it`),
})
