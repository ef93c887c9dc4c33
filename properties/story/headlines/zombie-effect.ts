import { partitionName, recordName } from '../../../harness/core/names.ts'
import { type Headline, shown } from '../clause.ts'
import { fateOf } from '../fates.ts'
import type { Scope } from '../scope.ts'

/**
 * `consumer-0 processed orders/1@0 although it had lost orders/1 to consumer-1, which had begun.
 * consumer-0 froze.`
 */
export function zombieEffect({ events, finding, facts }: Scope): Headline | null {
  const proving = finding.events.flatMap((seq) => events[seq] ?? [])
  const assigned = proving.find((event) => event.kind === 'assigned')
  const effect = proving.find((event) => event.kind === 'effect')
  const began = proving.find(({ kind }) => kind === 'handler-start' || kind === 'batch-start')
  if (assigned === undefined || effect === undefined || assigned.process === effect.process) return null
  const result = shown(
    `${effect.process} processed ${recordName(effect)} although it had lost ${partitionName(effect)} to ${assigned.process}, which had already begun`,
    effect,
    assigned,
    began,
  )
  const owned = events
    .slice(0, assigned.seq)
    .findLast((event) => event.kind === 'believes' && event.process === effect.process)
  const fate = fateOf(facts, effect, { after: owned?.seq ?? 0, before: assigned.seq })
  if (fate === null) return { result, causes: [] }
  return { result, causes: [{ ...fate, text: `${effect.process} ${fate.text}` }] }
}
