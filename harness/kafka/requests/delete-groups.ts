import type { AnswerDraft } from '../wire/index.ts'
import { code, type RequestContext, served } from './handler.ts'

/**
 * DeleteGroups (42), versions 0 to 2. Only empty groups (KIP-229); answered when that is
 * replicated.
 */
export const deleteGroups = served('DeleteGroups')({
  min: 0,
  max: 2,
  handler: (context) => ({
    apply: (answer) => removeAll(context, answer),
    refuse: (error) => ({
      results: context.body.groupsNames.map((groupId) => ({ groupId, errorCode: code(error) })),
    }),
  }),
})

function removeAll(
  context: RequestContext<'DeleteGroups'>,
  answer: (body: AnswerDraft<'DeleteGroups'>) => void,
): void {
  // One that is named twice is deleted once.
  const groupsNames = [...new Set(context.body.groupsNames)]
  const errors: string[] = []
  let left = groupsNames.length
  if (left === 0) return answer({ results: [] })
  groupsNames.forEach((groupId, index) => {
    remove(context, groupId, (error) => {
      errors[index] = error
      left -= 1
      if (left > 0) return
      answer({
        results: groupsNames.map((each, at) => ({ groupId: each, errorCode: code(errors[at] ?? 'NONE') })),
      })
    })
  })
}

function remove(
  { cluster, broker }: RequestContext<'DeleteGroups'>,
  groupId: string,
  removed: (error: string) => void,
): void {
  const coordinator = cluster.coordinators.of(groupId)
  const refusal = coordinator.refusal(groupId, broker.id)
  if (refusal !== null) return removed(refusal)
  coordinator.delete(groupId, removed)
}
