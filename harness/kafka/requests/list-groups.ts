import type { AnswerDraft } from '../wire/index.ts'
import { code, type RequestContext, servedAtOnce } from './handler.ts'

/**
 * ListGroups (16), versions 0 to 5: the groups that this broker coordinates, once it has loaded
 * them all.
 */
export const listGroups = servedAtOnce('ListGroups')({
  min: 0,
  max: 5,
  apply: list,
  refuse: (_context, errorCode) => ({ errorCode, groups: [] }),
})

function list({ cluster, broker, body }: RequestContext<'ListGroups'>): AnswerDraft<'ListGroups'> {
  if (cluster.coordinators.log.loadsAny(broker.id))
    return { errorCode: code('COORDINATOR_LOAD_IN_PROGRESS'), groups: [] }
  const states = filterOf(body.statesFilter)
  const types = filterOf(body.typesFilter)
  const groups = cluster.coordinators
    .ids()
    .filter((id) => cluster.coordinators.of(id).refusal(id, broker.id) === null)
    .flatMap((groupId) => {
      const group = cluster.coordinators.of(groupId).group(groupId)
      if (group === undefined || !states(group.state) || !types(group.type)) return []
      const { protocolType, state: groupState, type: groupType } = group
      return [{ groupId, protocolType: protocolType ?? '', groupState, groupType }]
    })
  return { errorCode: 0, groups }
}

/** An empty filter admits everything. */
function filterOf(wanted: readonly string[]): (value: string) => boolean {
  const names = new Set(wanted.map((name) => name.toLowerCase()))
  return (value) => names.size === 0 || names.has(value.toLowerCase())
}
