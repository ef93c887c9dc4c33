import type { Body } from '../wire/index.ts'
import { answerNow, code, type RequestContext, type Served } from './handler.ts'

interface Request {
  readonly statesFilter: readonly string[]
}

/** ListGroups (16), versions 0 to 4: the groups that this broker coordinates, once it has loaded them all. */
export const listGroups: Served = {
  key: 16,
  min: 0,
  max: 4,
  handler: answerNow<Request>(list, (_context, errorCode) => ({ errorCode, groups: [] })),
}

function list({ cluster, broker, body }: RequestContext<Request>): Body {
  if (cluster.coordinators.isLoading(broker.id))
    return { errorCode: code('COORDINATOR_LOAD_IN_PROGRESS'), groups: [] }
  const wanted = (body.statesFilter ?? []).map((state) => state.toLowerCase())
  const groups = cluster.coordinators
    .ids()
    .filter((id) => cluster.coordinators.refusal(id, broker.id) === null)
    .flatMap((groupId) => {
      const group = cluster.coordinators.group(groupId)
      if (group === undefined || (wanted.length > 0 && !wanted.includes(group.state.toLowerCase()))) return []
      return [{ groupId, protocolType: group.protocolType ?? '', groupState: group.state }]
    })
  return { errorCode: 0, groups }
}
