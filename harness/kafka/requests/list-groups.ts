import type { Body } from '../wire/index.ts'
import { answerNow, code, type RequestContext, type Served } from './handler.ts'

interface Request {
  readonly statesFilter: readonly string[]
  readonly typesFilter: readonly string[]
}

/** ListGroups (16), versions 0 to 5: the groups that this broker coordinates, once it has loaded them all. */
export const listGroups: Served = {
  key: 16,
  min: 0,
  max: 5,
  handler: answerNow<Request>(list, (_context, errorCode) => ({ errorCode, groups: [] })),
}

function list({ cluster, broker, body }: RequestContext<Request>): Body {
  if (cluster.coordinators.log.loadsAny(broker.id))
    return { errorCode: code('COORDINATOR_LOAD_IN_PROGRESS'), groups: [] }
  const states = filterOf(body.statesFilter)
  const types = filterOf(body.typesFilter)
  const groups = cluster.coordinators
    .ids()
    .filter((id) => cluster.coordinators.refusal(id, broker.id) === null)
    .flatMap((groupId) => {
      const group = cluster.coordinators.group(groupId)
      if (group === undefined || !states(group.state) || !types(group.type)) return []
      const { protocolType, state: groupState, type: groupType } = group
      return [{ groupId, protocolType: protocolType ?? '', groupState, groupType }]
    })
  return { errorCode: 0, groups }
}

/** Nothing asked for is everything. */
function filterOf(wanted: readonly string[] | undefined): (value: string) => boolean {
  const names = new Set((wanted ?? []).map((name) => name.toLowerCase()))
  return (value) => names.size === 0 || names.has(value.toLowerCase())
}
