import { answerNow, code, type RequestContext, type Served } from './handler.ts'

interface Request {
  readonly groupsNames: readonly string[]
}

/** DeleteGroups (42), versions 0 to 2. Only empty groups (KIP-229). */
export const deleteGroups: Served = {
  key: 42,
  min: 0,
  max: 2,
  handler: answerNow<Request>(
    (context) => ({
      results: context.body.groupsNames.map((groupId) => ({
        groupId,
        errorCode: code(remove(context, groupId)),
      })),
    }),
    ({ body }, errorCode) => ({ results: body.groupsNames.map((groupId) => ({ groupId, errorCode })) }),
  ),
}

function remove({ cluster, broker }: RequestContext<Request>, groupId: string): string {
  const refusal = cluster.coordinators.refusal(groupId, broker.id)
  if (refusal !== null) return refusal
  const group = cluster.coordinators.group(groupId)
  if (group === undefined) return 'GROUP_ID_NOT_FOUND'
  if (group.state !== 'Empty') return 'NON_EMPTY_GROUP'
  cluster.coordinators.delete(groupId, 'group deleted')
  return 'NONE'
}
